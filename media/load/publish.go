package main

import (
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
)

const packetSize = 1200

var (
	vp8  = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}
	opus = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
)

// layers are those of our own pages (frontend/call/layers.ts) on a phone.
var layers = []*livekit.VideoLayer{
	{Quality: livekit.VideoQuality_LOW, Width: 160, Height: 120, Bitrate: 40_000, Rid: "q"},
	{Quality: livekit.VideoQuality_MEDIUM, Width: 320, Height: 240, Bitrate: 120_000, Rid: "h"},
}

// stream is one layer of a picture, or the sound.
type stream struct {
	track *webrtc.TrackLocalStaticRTP
	reel  *reel
	rid   string
}

// sending is a camera with two layers and a microphone.
type sending struct {
	streams       []*stream
	camera, voice *webrtc.RTPTransceiver
}

func publish(pc *webrtc.PeerConnection, media *recorded) (*sending, error) {
	found := &sending{}
	var video []*webrtc.TrackLocalStaticRTP
	for n, played := range []*loop{media.low, media.mid} {
		track, err := webrtc.NewTrackLocalStaticRTP(vp8, "camera", "load", webrtc.WithRTPStreamID(layers[n].Rid))
		if err != nil {
			return nil, err
		}
		video = append(video, track)
		found.streams = append(found.streams, &stream{track, &reel{loop: played}, layers[n].Rid})
	}
	sendonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	var err error
	if found.camera, err = pc.AddTransceiverFromTrack(video[0], sendonly); err != nil {
		return nil, err
	}
	if err = found.camera.Sender().AddEncoding(video[1]); err != nil {
		return nil, err
	}
	track, err := webrtc.NewTrackLocalStaticRTP(opus, "microphone", "load")
	if err != nil {
		return nil, err
	}
	found.voice, err = pc.AddTransceiverFromTrack(track, sendonly)
	found.streams = append(found.streams, &stream{track, &reel{loop: media.speech}, ""})
	return found, err
}

// wishes are what the server is told about the tracks in the join request.
func (s *sending) wishes() []*livekit.AddTrackRequest {
	return []*livekit.AddTrackRequest{
		{
			Cid: "camera", Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_CAMERA,
			Width: 320, Height: 240, Layers: layers,
			SimulcastCodecs: []*livekit.SimulcastCodec{{Codec: "vp8", Cid: "camera", Layers: layers}},
		},
		{Cid: "microphone", Type: livekit.TrackType_AUDIO, Source: livekit.TrackSource_MICROPHONE},
	}
}

// start sends everything until done is closed.
func (s *sending) start(done <-chan struct{}) {
	for _, one := range s.streams {
		if one.rid == "" {
			go one.play(done, rtp.NewPacketizer(packetSize, 0, 0, &codecs.OpusPayloader{}, rtp.NewRandomSequencer(), 48000), nil)
			continue
		}
		marks := marksOf(s.camera, one.rid)
		payloader := &codecs.VP8Payloader{EnablePictureID: true}
		go one.play(done, rtp.NewPacketizer(packetSize, 0, 0, payloader, rtp.NewRandomSequencer(), 90000), marks)
		go one.listen(s.camera.Sender())
	}
}

// marksOf puts the names of section and layer on a packet: the server tells layers apart by them.
func marksOf(camera *webrtc.RTPTransceiver, rid string) map[uint8]string {
	names := map[string]string{
		"urn:ietf:params:rtp-hdrext:sdes:mid":           camera.Mid(),
		"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id": rid,
	}
	found := map[uint8]string{}
	for _, extension := range camera.Sender().GetParameters().HeaderExtensions {
		if value, wanted := names[extension.URI]; wanted {
			found[uint8(extension.ID)] = value
		}
	}
	return found
}

func (s *stream) play(done <-chan struct{}, packetizer rtp.Packetizer, marks map[uint8]string) {
	every := s.reel.loop.every
	rate := uint32(90000)
	if s.rid == "" {
		rate = 48000
	}
	step := uint32(uint64(rate) * uint64(every) / uint64(time.Second))
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		due := s.reel.next()
		if due.skip {
			packetizer.SkipSamples(step)
			continue
		}
		for _, packet := range packetizer.Packetize(due.data, step) {
			for id, value := range marks {
				_ = packet.SetExtension(id, []byte(value))
			}
			_ = s.track.WriteRTP(packet)
		}
	}
}

// listen answers requests for a key frame.
func (s *stream) listen(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadSimulcastRTCP(s.rid)
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				s.reel.wantKey.Store(true)
			}
		}
	}
}
