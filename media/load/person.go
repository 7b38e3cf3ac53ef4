package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

const pingEvery = 5 * time.Second

// person is one party of a call: one socket for signalling, one connection for media, as our pages have them.
type person struct {
	socket *websocket.Conn
	pc     *webrtc.PeerConnection
	send   *sending
	low    bool
	tell   func(event, why string)
	done   chan struct{}
	once   sync.Once
	first  sync.Once

	mu      sync.Mutex
	owners  map[string]string // participant sid -> identity
	asked   map[string]bool   // tracks whose small picture was asked for
	got     map[string]*Count
	waiting []webrtc.ICECandidateInit
	// later: sections were asked for while an offer was under way; the next one carries them.
	later bool
}

func newPerson(address string, headers http.Header, low bool, media *recorded, tell func(string, string)) (*person, error) {
	pc, err := newConnection()
	if err != nil {
		return nil, err
	}
	one := &person{
		pc: pc, low: low, tell: tell, done: make(chan struct{}),
		owners: map[string]string{}, asked: map[string]bool{}, got: map[string]*Count{},
	}
	pc.OnTrack(one.receive)
	var wishes []*livekit.AddTrackRequest
	if media != nil {
		if one.send, err = publish(pc, media); err != nil {
			return nil, err
		}
		wishes = one.send.wishes()
	} else if err = one.expect(1, 1); err != nil {
		return nil, err
	}
	offer, err := one.offer()
	if err != nil {
		return nil, err
	}
	query, err := joinQuery(offer, wishes)
	if err != nil {
		return nil, err
	}
	socket, answer, err := websocket.DefaultDialer.Dial(strings.TrimSuffix(address, "/")+"/rtc/v1?"+query, headers)
	if err != nil {
		if answer != nil {
			err = fmt.Errorf("%w: %s", err, answer.Status)
		}
		return nil, err
	}
	one.socket = socket
	return one, nil
}

func newConnection() (*webrtc.PeerConnection, error) {
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled // what matters is told by counts
	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
}

// expect makes room for tracks that come in.
func (p *person) expect(audios, videos int) error {
	recvonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	for range audios {
		if _, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, recvonly); err != nil {
			return err
		}
	}
	for range videos {
		if _, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, recvonly); err != nil {
			return err
		}
	}
	return nil
}

func (p *person) offer() (*livekit.SessionDescription, error) {
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	<-gathered
	return &livekit.SessionDescription{Type: "offer", Sdp: p.pc.LocalDescription().SDP}, nil
}

func joinQuery(offer *livekit.SessionDescription, wishes []*livekit.AddTrackRequest) (string, error) {
	plain, err := proto.Marshal(&livekit.JoinRequest{
		ClientInfo:         &livekit.ClientInfo{Sdk: livekit.ClientInfo_GO, Protocol: 16, Version: "0.0.0"},
		ConnectionSettings: &livekit.ConnectionSettings{AutoSubscribe: true, AdaptiveStream: false},
		AddTrackRequests:   wishes,
		PublisherOffer:     offer,
	})
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write(plain); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	wrapped, err := proto.Marshal(&livekit.WrappedJoinRequest{
		Compression: livekit.WrappedJoinRequest_GZIP, JoinRequest: packed.Bytes(),
	})
	return "join_request=" + url.QueryEscape(base64.URLEncoding.EncodeToString(wrapped)), err
}

// run reads what the server says until the socket closes.
func (p *person) run() {
	go p.ping()
	for {
		_, frame, err := p.socket.ReadMessage()
		if err != nil {
			p.tell("left", err.Error())
			p.close()
			return
		}
		answer := &livekit.SignalResponse{}
		if err := proto.Unmarshal(frame, answer); err == nil {
			err = p.hear(answer)
			if err != nil {
				p.tell("failed", err.Error())
			}
		}
	}
}

func (p *person) hear(answer *livekit.SignalResponse) error {
	switch message := answer.Message.(type) {
	case *livekit.SignalResponse_Join:
		p.learn(message.Join.OtherParticipants)
		p.tell("joined", "")
	case *livekit.SignalResponse_Update:
		p.learn(message.Update.Participants)
	case *livekit.SignalResponse_Answer:
		return p.take(message.Answer)
	case *livekit.SignalResponse_Trickle:
		return p.candidate(message.Trickle.CandidateInit)
	case *livekit.SignalResponse_MediaSectionsRequirement:
		wish := message.MediaSectionsRequirement
		if err := p.expect(int(wish.NumAudios), int(wish.NumVideos)); err != nil {
			return err
		}
		return p.offerAgain()
	case *livekit.SignalResponse_Leave:
		p.tell("put_out", message.Leave.Reason.String())
	}
	return nil
}

// offerAgain makes one offer at a time.
func (p *person) offerAgain() error {
	if p.later = p.pc.SignalingState() != webrtc.SignalingStateStable; p.later {
		return nil
	}
	offer, err := p.offer()
	if err != nil {
		return err
	}
	return p.say(&livekit.SignalRequest{Message: &livekit.SignalRequest_Offer{Offer: offer}})
}

func (p *person) take(answer *livekit.SessionDescription) error {
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.Sdp})
	if err != nil {
		return err
	}
	for _, one := range p.waiting {
		if err := p.pc.AddICECandidate(one); err != nil {
			return err
		}
	}
	p.waiting = nil
	if p.send != nil {
		p.once.Do(func() { p.send.start(p.done) })
	}
	if p.later {
		return p.offerAgain()
	}
	return nil
}

func (p *person) candidate(text string) error {
	var found webrtc.ICECandidateInit
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		return err
	}
	if p.pc.RemoteDescription() == nil {
		p.waiting = append(p.waiting, found)
		return nil
	}
	return p.pc.AddICECandidate(found)
}

// learn remembers who is who, and asks for small pictures once per track.
func (p *person) learn(others []*livekit.ParticipantInfo) {
	var small []string
	p.mu.Lock()
	for _, other := range others {
		p.owners[other.Sid] = other.Identity
		for _, track := range other.Tracks {
			if p.low && track.Type == livekit.TrackType_VIDEO && !p.asked[track.Sid] {
				p.asked[track.Sid] = true
				small = append(small, track.Sid)
			}
		}
	}
	p.mu.Unlock()
	if len(small) > 0 {
		setting := &livekit.UpdateTrackSettings{TrackSids: small, Quality: livekit.VideoQuality_LOW}
		_ = p.say(&livekit.SignalRequest{Message: &livekit.SignalRequest_TrackSetting{TrackSetting: setting}})
	}
}

// receive counts pictures (by the marker that ends each) and packets of sound, by whom they are from.
func (p *person) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	go func() {
		for {
			if _, _, err := receiver.ReadRTCP(); err != nil {
				return
			}
		}
	}()
	sid, _, _ := strings.Cut(track.StreamID(), "|")
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		p.mu.Lock()
		whose := p.owners[sid]
		if p.got[whose] == nil {
			p.got[whose] = &Count{}
		}
		if track.Kind() == webrtc.RTPCodecTypeAudio {
			p.got[whose].Audio++
		} else if packet.Marker {
			p.got[whose].Frames++
		}
		p.mu.Unlock()
		p.first.Do(func() { p.tell("first_packet", "") })
	}
}

func (p *person) counts() map[string]Count {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := map[string]Count{}
	for whose, count := range p.got {
		found[whose] = *count
	}
	return found
}

func (p *person) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
			ping := &livekit.Ping{Timestamp: time.Now().UnixMilli()}
			_ = p.say(&livekit.SignalRequest{Message: &livekit.SignalRequest_PingReq{PingReq: ping}})
		}
	}
}

func (p *person) say(request *livekit.SignalRequest) error {
	frame, err := proto.Marshal(request)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.socket.WriteMessage(websocket.BinaryMessage, frame)
}

func (p *person) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.done:
		return
	default:
		close(p.done)
	}
	_ = p.socket.Close()
	_ = p.pc.Close()
}
