package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/ivfreader"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"
)

const (
	audioFrame = 20 * time.Millisecond
	// Shorter Opus packets are silence. A browser with DTX sends one of twenty of them.
	silence     = 12
	silentEvery = 20
)

// sample is one encoded picture or piece of sound.
type sample struct {
	data []byte
	key  bool
	// skip: time goes on and nothing is sent.
	skip bool
}

// loop is a recording that begins again at its end.
type loop struct {
	samples []sample
	every   time.Duration
}

// recorded is everything that people of the load can send.
type recorded struct{ low, mid, speech *loop }

// forPerson is nothing for somebody who only looks.
func (r recorded) forPerson(publish bool) *recorded {
	if !publish {
		return nil
	}
	return &r
}

// reel plays a loop for one sender.
type reel struct {
	loop    *loop
	at      int
	wantKey atomic.Bool
}

// next is the sample that is due; when a key frame was asked for, it goes on with the next one there is.
func (r *reel) next() sample {
	if r.wantKey.Swap(false) {
		for n := range r.loop.samples {
			if index := (r.at + n) % len(r.loop.samples); r.loop.samples[index].key {
				r.at = index
				break
			}
		}
	}
	found := r.loop.samples[r.at%len(r.loop.samples)]
	r.at = (r.at + 1) % len(r.loop.samples)
	return found
}

func readMedia(folder string) (recorded, error) {
	low, err := readPictures(filepath.Join(folder, "low.ivf"))
	if err != nil {
		return recorded{}, err
	}
	mid, err := readPictures(filepath.Join(folder, "mid.ivf"))
	if err != nil {
		return recorded{}, err
	}
	speech, err := readSpeech(filepath.Join(folder, "speech.ogg"))
	return recorded{low, mid, speech}, err
}

func readPictures(path string) (*loop, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader, header, err := ivfreader.NewWith(file)
	if err != nil {
		return nil, err
	}
	found := &loop{every: time.Second * time.Duration(header.TimebaseNumerator) / time.Duration(header.TimebaseDenominator)}
	for {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		// RFC 6386, 9.1: the lowest bit of the first byte is 0 in a key frame
		found.samples = append(found.samples, sample{data: frame, key: frame[0]&1 == 0})
	}
}

func readSpeech(path string) (*loop, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader, _, err := oggreader.NewWith(file)
	if err != nil {
		return nil, err
	}
	found := &loop{every: audioFrame}
	silent := 0
	for {
		page, _, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if string(page[:min(len(page), 8)]) == "OpusTags" {
			continue
		}
		silent++
		if len(page) > silence {
			silent = 0
		}
		found.samples = append(found.samples, sample{data: page, skip: silent%silentEvery != 0})
	}
}
