package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"jurat"
	"jurat/internal/register"
)

// metrics are what a running counter tells whoever runs the machine, in a
// registry of their own. They name pages by their pattern, never by an address:
// no number of an incident, no person, no office.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	signed   *prometheus.CounterVec
}

// newMetrics counts for an open record. now is the clock of this machine.
func newMetrics(h *house, now func() time.Time, log *slog.Logger) *metrics {
	version, _ := built()
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jurat_http_requests_total", Help: "Requests answered, by the pattern of the page and the status."}, []string{"page", "code"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jurat_http_request_duration_seconds", Help: "How long they took, by the pattern of the page.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"page"}),
		signed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jurat_signatures_total", Help: "Signatures offered for acts: taken, refused, or failed on our side."}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.signed, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &recordMetrics{h, now, log})
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "jurat_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"version": version}}, func() float64 { return 1 }))
	for _, outcome := range []string{"taken", "refused", "failed"} {
		m.signed.WithLabelValues(outcome)
	}
	return m
}

// signaturePages are where signatures are brought.
var signaturePages = []string{"POST /sign/done", "POST /api/v1/signed"}

// answered counts one answer of the counter.
func (m *metrics) answered(page string, code int, took time.Duration) {
	if page == "" {
		page = "none"
	}
	m.requests.WithLabelValues(page, strconv.Itoa(code)).Inc()
	m.took.WithLabelValues(page).Observe(took.Seconds())
	for _, p := range signaturePages {
		if page == p {
			outcome := "taken"
			switch {
			case code >= http.StatusInternalServerError:
				outcome = "failed"
			case code >= http.StatusBadRequest:
				outcome = "refused"
			}
			m.signed.WithLabelValues(outcome).Inc()
		}
	}
}

// recordMetrics reads a few counts of the register when they are asked for.
type recordMetrics struct {
	*house
	now func() time.Time
	log *slog.Logger
}

// The counts of the record, each with what it means.
var (
	sessionsDesc = prometheus.NewDesc("jurat_sessions", "Sessions begun within twelve hours and not ended.", nil, nil)
	uploadsDesc  = prometheus.NewDesc("jurat_uploads", "Uploads on their way in.", nil, nil)
	draftsDesc   = prometheus.NewDesc("jurat_drafts", "Drafts of reports that are kept.", nil, nil)
	journalDesc  = prometheus.NewDesc("jurat_journal_lines_total", "Lines of the security journal.", nil, nil)
	alertsDesc   = prometheus.NewDesc("jurat_alerts", "Times within a day that an office was refused again and again.", nil, nil)
	awaitingDesc = prometheus.NewDesc("jurat_ledger_awaiting_events", "Events that await a place in the ledger.", nil, nil)
	lagDesc      = prometheus.NewDesc("jurat_ledger_lag_seconds", "How long the oldest of them has waited.", nil, nil)
	sizeDesc     = prometheus.NewDesc("jurat_ledger_size", "Leaves under the last checkpoint published.", nil, nil)
	stoppedDesc  = prometheus.NewDesc("jurat_ledger_stopped", "1 when nothing is signed because the record is behind what was published.", nil, nil)
)

// scrapeLimit is how long the register may take to count.
const scrapeLimit = 5 * time.Second

func (m *recordMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{sessionsDesc, uploadsDesc, draftsDesc, journalDesc, alertsDesc, awaitingDesc, lagDesc, sizeDesc, stoppedDesc} {
		to <- d
	}
}

func (m *recordMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), scrapeLimit)
	defer stop()
	now := m.now()
	var c register.Load
	if err := m.register.Read(ctx, func(tx *register.Tx) (err error) {
		c, err = tx.Load(now.Add(-12*time.Hour), now.Add(-24*time.Hour))
		return err
	}); err != nil {
		m.log.Error("the numbers of the record cannot be told", "cause", err)
		to <- prometheus.NewInvalidMetric(sessionsDesc, jurat.Errorf(jurat.Unavailable, "the register did not count; the log says why"))
		return
	}
	lag := 0.0
	if !c.Oldest.IsZero() {
		lag = max(0, now.Sub(c.Oldest).Seconds())
	}
	gauge := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	gauge(sessionsDesc, float64(c.Sessions))
	gauge(uploadsDesc, float64(c.Uploads))
	gauge(draftsDesc, float64(c.Drafts))
	to <- prometheus.MustNewConstMetric(journalDesc, prometheus.CounterValue, float64(c.Journal))
	gauge(alertsDesc, float64(c.Alerts))
	gauge(awaitingDesc, float64(c.Unsequenced))
	gauge(lagDesc, lag)
	stopped := 0.0
	if m.ledger.Stopped() != nil {
		stopped = 1
	}
	gauge(stoppedDesc, stopped)
	if p, err := m.ledger.Published(); err == nil {
		gauge(sizeDesc, float64(p.Size))
	}
}

// serveMetrics answers /metrics at an address of this machine alone, until ctx
// ends, and nothing else there.
func serveMetrics(ctx context.Context, listener net.Listener, m *metrics, log *slog.Logger) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxRequestsInFlight: 4, Timeout: 2 * scrapeLimit}))
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A page of another site, made to think that it is at this address, asks by a
		// name of its own.
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !itself(strings.Trim(host, "[]")) {
			http.NotFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
	server := &http.Server{Handler: guarded, ReadHeaderTimeout: headTime, ReadTimeout: headTime, WriteTimeout: time.Minute, IdleTimeout: idleTime, MaxHeaderBytes: headSize, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	stop := context.AfterFunc(ctx, func() { server.Close() }) //nolint:errcheck // nobody waits for a number
	defer stop()
	if err := server.Serve(listener); err != nil && ctx.Err() == nil {
		log.Error("the metrics are not answered", "cause", err)
	}
}
