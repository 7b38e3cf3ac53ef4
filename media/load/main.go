// Load for benchmarks: people in calls who send recorded pictures and sound, and count what reaches them.
//
// JSON lines come in: {"join": name, "url": ..., "token": ..., "headers": {...}, "publish": true, "low": true},
// {"leave": name}, {"count": true}. JSON lines go out: {"event": "joined" | "first_packet" | "failed" | "left",
// "name": ...} and {"event": "counts", "people": {name: {identity: {"frames": n, "audio": n}}}}.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"sync"
	"time"
)

// Order is one line of standard input.
type Order struct {
	Join    string            `json:"join"`
	URL     string            `json:"url"`
	Token   string            `json:"token"`
	Headers map[string]string `json:"headers"`
	Publish bool              `json:"publish"`
	// Low asks the server for the small picture of everybody, as the grid of a wall does.
	Low   bool   `json:"low"`
	Leave string `json:"leave"`
	Count bool   `json:"count"`
}

// News is one line of standard output.
type News struct {
	Event  string                      `json:"event"`
	Name   string                      `json:"name,omitempty"`
	Why    string                      `json:"why,omitempty"`
	At     float64                     `json:"at_ms"`
	People map[string]map[string]Count `json:"people,omitempty"`
}

// Count is what reached somebody from one other person, since they joined.
type Count struct {
	Frames int64 `json:"frames"`
	Audio  int64 `json:"audio"`
}

type crowd struct {
	mu     sync.Mutex
	people map[string]*person
	out    *json.Encoder
	media  recorded
}

func main() {
	folder := flag.String("media", "", "folder with low.ivf, mid.ivf and speech.ogg")
	flag.Parse()
	media, err := readMedia(*folder)
	if err != nil {
		log.Fatal(err)
	}
	all := &crowd{people: map[string]*person{}, out: json.NewEncoder(os.Stdout), media: media}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var order Order
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			log.Fatalf("not an order: %v", err)
		}
		all.do(order)
	}
}

func (c *crowd) do(order Order) {
	switch {
	case order.Join != "":
		go c.join(order)
	case order.Leave != "":
		if one := c.take(order.Leave); one != nil {
			one.close()
		}
	case order.Count:
		c.tell(News{Event: "counts", People: c.counts()})
	}
}

func (c *crowd) join(order Order) {
	headers := http.Header{}
	for name, value := range order.Headers {
		headers.Set(name, value)
	}
	if order.Token != "" {
		headers.Set("Authorization", "Bearer "+order.Token)
	}
	tell := func(event, why string) { c.tell(News{Event: event, Name: order.Join, Why: why}) }
	one, err := newPerson(order.URL, headers, order.Low, c.media.forPerson(order.Publish), tell)
	if err != nil {
		tell("failed", err.Error())
		return
	}
	c.mu.Lock()
	c.people[order.Join] = one
	c.mu.Unlock()
	one.run()
}

func (c *crowd) take(name string) *person {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.people[name]
	delete(c.people, name)
	return one
}

func (c *crowd) counts() map[string]map[string]Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]map[string]Count{}
	for name, one := range c.people {
		found[name] = one.counts()
	}
	return found
}

func (c *crowd) tell(news News) {
	news.At = float64(time.Now().UnixMicro()) / 1000
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.out.Encode(news); err != nil {
		os.Exit(0) // whoever listened has gone
	}
}
