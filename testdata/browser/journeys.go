package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/chromedp"
)

// A Walkway is two offices' counters, and what people need to walk there.
type Walkway struct {
	City, County string            // their sites
	Links        map[string]string // the path of the link by which somebody comes in for the first time, by person
	At           map[string]string // the site of who is not of the city
	Keys         map[string]string // key files, by person
	Ready        map[string]string // incidents that were prepared, by journey
	Program      string            // jurat
	Film, Photo  string            // files to hand in
	Foreign      []string          // expressions for what may not stand on a Spanish page
	Dir          string            // where to keep what is made
	AtOnce       int               // how many journeys are under way at a time
	Only         string            // an expression for the names of those to walk; empty: all
}

// A Went is what became of one journey.
type Went struct {
	Name    string
	Seconds float64
	Stopped string   // what it stopped at; empty: it came to its end
	Faults  []string // what the console, the network or a page said on the way
	Notes   []string // what was counted
}

// all of them: what each is about is said where it is written.
var all = []struct {
	name string
	walk func(*journey)
}{
	{"handover", handover},
	{"keyboard", keyboard},
	{"spanish", spanish},
	{"noscript", noScript},
	{"returned", returned},
	{"hold", hold},
	{"evidence", evidence},
	{"audit", audit},
	{"detective", detective},
	{"sealed", sealed},
	{"looks", looks},
}

// A journey is one of them under way.
type journey struct {
	context.Context // the browser's
	Walkway
	dir   string
	went  *Went
	mu    sync.Mutex
	there []*traveller
}

// stopped ends a journey.
type stopped struct{ error }

func walkAll(ctx context.Context, w Walkway) ([]Went, error) {
	only, err := regexp.Compile(w.Only)
	if err != nil {
		return nil, err
	}
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return nil, err
	}
	went := make([]Went, len(all))
	room := make(chan struct{}, max(1, w.AtOnce))
	var under sync.WaitGroup
	for i, one := range all {
		if !only.MatchString(one.name) {
			continue
		}
		under.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			j := &journey{Context: browser, Walkway: w, dir: filepath.Join(w.Dir, one.name), went: &went[i]}
			j.went.Name = one.name
			began := time.Now()
			j.run(one.walk)
			j.went.Seconds = time.Since(began).Seconds()
			fmt.Fprintf(os.Stderr, "%s: %.0f s; %s %v %v\n", one.name, j.went.Seconds, j.went.Stopped, j.went.Faults, j.went.Notes)
		})
	}
	under.Wait()
	return slices.DeleteFunc(went, func(w Went) bool { return w.Name == "" }), nil
}

// run walks one journey; where it stops it says so, and keeps a picture of
// every page that was open.
func (j *journey) run(walk func(*journey)) {
	defer func() {
		switch stop := recover().(type) {
		case nil:
		case stopped:
			j.went.Stopped = stop.Error()
		default:
			j.went.Stopped = fmt.Sprintf("%v\n%s", stop, debug.Stack())
		}
		for _, p := range j.there {
			if j.went.Stopped != "" {
				p.picture("stopped")
			}
			j.went.Faults = append(j.went.Faults, p.faults()...)
			p.leave()
		}
	}()
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		j.stop(err)
	}
	walk(j)
}

func (j *journey) stop(err error) { panic(stopped{err}) }

// notes keeps a number for the report.
func (j *journey) notes(format string, args ...any) {
	j.went.Notes = append(j.went.Notes, fmt.Sprintf(format, args...))
}

// come has somebody come in by their link for the first time, make a passkey,
// and go to work.
func (j *journey) come(who string) *traveller {
	p := j.arrive(who)
	p.comes(j.Links[who])
	return p
}

// arrive opens a browser for somebody, at the first page of their office.
func (j *journey) arrive(who string) *traveller {
	site := j.City
	if at := j.At[who]; at != "" {
		site = at
	}
	p, err := newTraveller(j, who, site)
	if err != nil {
		j.stop(err)
	}
	j.mu.Lock()
	j.there = append(j.there, p)
	j.mu.Unlock()
	return p
}

// errLink is that nobody gave somebody a link.
var errLink = errors.New("there is no link")
