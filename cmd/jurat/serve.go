package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/durable"
	"jurat/internal/login"
	"jurat/internal/web"
	"jurat/orders"
)

type serveVerb struct {
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; anywhere but this machine itself needs --cert and --key."`
	Site string `placeholder:"URL" help:"How people reach it, such as https://records.example.gov; made from --addr when not given."`
	Cert string `placeholder:"FILE" help:"The TLS certificate, in PEM."`
	Key  string `placeholder:"FILE" help:"Its private key, in PEM."`

	Metrics string `placeholder:"HOST:PORT" help:"Where this machine itself reads numbers for Prometheus, such as 127.0.0.1:9464; nowhere when not given."`
}

func (serveVerb) Help() string {
	return "Examples:\n  jurat serve --dir /srv/record\n  jurat serve --dir /srv/record --addr :443 --site https://records.example.gov --cert chain.pem --key key.pem\n\nServes the counter until it is told to stop, and publishes what is done within a moment. Plain HTTP is for this machine itself only. The first administrator comes in by the link that jurat init printed, or jurat person link prints."
}

// The limits of a slow or endless client.
const (
	headTime = 10 * time.Second
	idleTime = 2 * time.Minute
	headSize = 32 << 10
	stopTime = 20 * time.Second
)

// sweepAt is how much memory may be left behind before it is looked through, in
// hundredths of what is in use: pages leave more behind than the counter keeps.
// GOGC says otherwise where it is set.
const sweepAt = 200

func (v *serveVerb) Run(ctx context.Context, c *call) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	if err := v.check(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(sweepAt)
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(v.serve(ctx, c, h), h.close())
}

// check refuses plain HTTP but on this machine itself.
func (v *serveVerb) check() error {
	if (v.Cert == "") != (v.Key == "") {
		return jurat.Errorf(jurat.Invalid, "TLS needs both files: --cert FILE and --key FILE")
	}
	host, _, err := net.SplitHostPort(v.Addr)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "--addr %s: want HOST:PORT, such as 127.0.0.1:8080", v.Addr)
	}
	if !itself(host) && v.Cert == "" {
		return jurat.Errorf(jurat.Invalid, "--addr %s is reached from other machines: give --cert and --key, or listen on 127.0.0.1", v.Addr)
	}
	if v.Metrics != "" {
		numbers, _, err := net.SplitHostPort(v.Metrics)
		if err != nil || !itself(numbers) {
			return jurat.Errorf(jurat.Invalid, "--metrics %s: the numbers are for this machine alone; want HOST:PORT such as 127.0.0.1:9464", v.Metrics)
		}
	}
	if v.Site == "" && (host == "" || net.ParseIP(host) != nil && net.ParseIP(host).IsUnspecified()) {
		return jurat.Errorf(jurat.Invalid, "--addr %s names no host that people type: give --site, such as https://records.example.gov", v.Addr)
	}
	if v.Site != "" {
		if site, err := url.Parse(v.Site); err != nil || site.Host == "" || site.Scheme != "http" && site.Scheme != "https" {
			return jurat.Errorf(jurat.Invalid, "--site %s: want an address such as https://records.example.gov", v.Site)
		}
	}
	return nil
}

// itself reports whether a host is this machine and no other reaches it.
func itself(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// site is how people reach a counter that listens at an address.
func (v *serveVerb) site(at net.Addr) *url.URL {
	if v.Site != "" {
		site, err := url.Parse(v.Site)
		if err == nil {
			return site
		}
	}
	host, _, err := net.SplitHostPort(v.Addr)
	if err != nil || itself(host) {
		host = "localhost" // where browsers have passkeys without TLS
	}
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		port = ""
	}
	site := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	if v.Cert != "" {
		site.Scheme = "https"
	}
	return site
}

// serve runs the counter of an open record until ctx ends.
func (v *serveVerb) serve(ctx context.Context, c *call, h *house) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", v.Addr)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "listen on %s", v.Addr)
	}
	site := v.site(listener.Addr())
	log := slog.New(slog.NewJSONHandler(c.stderr, nil))
	var told func(page string, code int, took time.Duration)
	if v.Metrics != "" {
		numbers, err := (&net.ListenConfig{}).Listen(ctx, "tcp", v.Metrics)
		if err != nil {
			return errors.Join(jurat.Because(jurat.Unavailable, err, "listen on %s", v.Metrics), listener.Close())
		}
		m := newMetrics(h, c.now, log)
		told = m.answered
		ctx, stop := context.WithCancel(ctx)
		var done sync.WaitGroup
		done.Go(func() { serveMetrics(ctx, numbers, m, log) })
		defer func() { stop(); done.Wait() }()
		log.Info("numbers for this machine", "at", numbers.Addr().String())
	}
	counter, err := h.counter(ctx, c, site, log, told)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if v.Cert != "" {
		pair, err := tls.LoadX509KeyPair(v.Cert, v.Key)
		if err != nil {
			return errors.Join(jurat.Because(jurat.Invalid, err, "read the certificate %s and its key", v.Cert), listener.Close())
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
	}
	server := &http.Server{Handler: counter, ReadHeaderTimeout: headTime, IdleTimeout: idleTime, MaxHeaderBytes: headSize, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	if err := c.either(map[string]string{"site": site.String(), "listening": listener.Addr().String()}, "the counter of %s is at %s", h.settings.Name, site.String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	defer counter.Close()
	return h.tendWhile(ctx, c, log, server, listener)
}

// counter opens the counter of an open record.
func (h *house) counter(ctx context.Context, c *call, site *url.URL, log *slog.Logger, told func(page string, code int, took time.Duration)) (*web.Counter, error) {
	key, err := h.sessionKey()
	if err != nil {
		return nil, err
	}
	secure := site.Scheme == "https"
	doors := login.Doors{Register: h.register, Key: key, Note: h.desk.TurnedAway, Came: h.desk.CameIn, Made: h.desk.TokenMade, Ended: h.desk.TokenEnded, Welcome: h.desk.Welcome, Site: login.Site{Name: h.settings.Name}}
	if secure || site.Hostname() == "localhost" || strings.HasSuffix(site.Hostname(), ".localhost") {
		doors.Site.RP, doors.Site.Origins = site.Hostname(), []string{site.Scheme + "://" + site.Host}
	}
	if doors.SignOn, err = h.settings.signOn(site.String()); err != nil {
		return nil, err
	}
	porter, err := login.Open(doors)
	if err != nil {
		return nil, err
	}
	version, _ := built()
	ships, err := shipped()
	if err != nil {
		return nil, err
	}
	return web.New(web.Doors{
		Ships: ships,
		Desk:  h.desk, Login: porter, Name: h.settings.Name, Zone: h.zone(ctx), Now: c.now, Log: log, Version: version, Secure: secure, Acted: h.ledger.Wake, Answered: told,
		Look: h.looks, Doubt: func(ctx context.Context) desk.Checkup { return c.checkup(ctx, h.dir) },
	})
}

// shipped are the order files that come with the program.
func shipped() ([]web.OrderFile, error) {
	var all []web.OrderFile
	for _, name := range orders.Names() {
		text, err := orders.Read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, web.OrderFile{Name: name, Text: text})
	}
	return all, nil
}

// tendWhile serves until ctx ends, and meanwhile publishes what is done and
// puts the journal's digests on the record.
func (h *house) tendWhile(ctx context.Context, c *call, log *slog.Logger, server *http.Server, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() {
		h.ledger.Run(ctx, publishEvery, func(err error) {
			if err != nil {
				log.Error("nothing is published; what is done is saved", "cause", err)
			} else {
				log.Info("published again")
			}
		})
	})
	all.Go(func() {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		for swept := (time.Time{}); ; {
			swept = h.tidy(ctx, c.now(), swept, log)
			select {
			case <-ctx.Done():
				return
			case <-h.desk.Spent():
			case <-tick.C:
			}
		}
	})
	all.Go(func() {
		<-ctx.Done()
		grace, done := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer done()
		if err := server.Shutdown(grace); err != nil {
			log.Warn("some requests were cut short", "cause", err)
		}
	})
	err := server.Serve(listener)
	stop()
	all.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = h.publish(context.WithoutCancel(ctx), c.now())
	}
	return err
}

// tidy does what is due while the counter runs, and says when the vault was last
// looked through, which is once a day: it reads the name of every blob.
func (h *house) tidy(ctx context.Context, now, swept time.Time, log *slog.Logger) time.Time {
	for _, one := range []struct {
		due  bool
		do   func(context.Context, time.Time) error
		told string
	}{
		{true, h.desk.DigestJournal, "the journal's digest waits"},
		{true, h.desk.SweepUploads, "parts of uploads are still there"},
		{now.Sub(swept) >= 24*time.Hour, h.desk.SweepDrafts, "what killed programs were writing is still there"},
	} {
		if !one.due {
			continue
		}
		if err := one.do(ctx, now); err != nil && ctx.Err() == nil {
			log.Error(one.told, "cause", err)
		}
	}
	if now.Sub(swept) >= 24*time.Hour {
		swept = now
	}
	return swept
}

// publishEvery is how often a running counter publishes at most (§6).
const publishEvery = 100 * time.Millisecond

// zone is where the office's clocks stand: as its first order says.
func (h *house) zone(ctx context.Context) *time.Location {
	orders, err := h.desk.Orders(ctx)
	if err != nil || len(orders) == 0 || orders[0].Zone == nil {
		return time.UTC
	}
	return orders[0].Zone
}

// sessionKey is the key of sessions; a record older than the counter gets one
// now. Of two programs that give it one at once, the first to be durable made the
// key of both.
func (h *house) sessionKey() ([]byte, error) {
	if h.keys.session != nil {
		return h.keys.session, nil
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	made := filepath.Join(h.settings.Keys, sessionKeyFile)
	draft := made + "." + rand.Text()
	defer os.Remove(draft) //nolint:errcheck // a draft of a key nobody uses
	err := durable.WriteFile(draft, []byte(base64.StdEncoding.EncodeToString(key)+"\n"), 0o600)
	if err == nil {
		err = os.Link(draft, made) // never over one that is there
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, jurat.Because(jurat.Unavailable, err, "make the session key in the key folder; see that it can be written to, then start again")
	}
	if err := durable.SyncDir(h.settings.Keys); err != nil {
		return nil, err
	}
	h.keys.session, err = secretIn(h.settings.Keys, sessionKeyFile)
	return h.keys.session, err
}
