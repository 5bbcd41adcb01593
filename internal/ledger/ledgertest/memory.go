package ledgertest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/ledger"
)

// A Memory is a [ledger.Store] that forgets when the process ends. Its methods
// may be called from several goroutines; every ledger given the same Memory
// shares it, as processes share a database.
type Memory struct {
	now func() time.Time

	mu     sync.Mutex
	events []ledger.Entry        // in the order they were committed
	place  map[jurat.EventID]int // position in events
	logs   [][]ledger.Entry      // the leaves of each log
	index  []map[jurat.EventID]int64
	first  []int // for each log, the first event that may lack an index
	root   tlog.Hash
	leases map[string]*held
}

type held struct {
	ledger.Lease
	ttl  time.Duration
	free bool
}

// NewMemory returns an empty store whose clock is now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{
		now: now, place: map[jurat.EventID]int{}, leases: map[string]*held{},
		logs: make([][]ledger.Entry, 1), index: []map[jurat.EventID]int64{{}}, first: []int{0},
	}
}

// Commit makes entries events of the store, in this order. An event whose
// incident_prev names another is committed after it.
func (m *Memory) Commit(entries ...ledger.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commit(entries)
}

func (m *Memory) commit(entries []ledger.Entry) {
	for _, e := range entries {
		m.place[e.Event] = len(m.events)
		m.events = append(m.events, ledger.Entry{Event: e.Event, Leaf: slices.Clone(e.Leaf)})
	}
}

// CommitNew makes n events of an incident with leaves of their own and commits
// them. Calls for the same incident continue it.
func (m *Memory) CommitNew(in jurat.IncidentNumber, n int) []ledger.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := len(m.events)
	entries := make([]ledger.Entry, n)
	for i := range entries {
		id := jurat.EventID(fmt.Sprintf("%08x-0000-7000-8000-%012x", next+i, len(in)))
		entries[i] = ledger.Entry{Event: id, Leaf: fmt.Appendf(nil, `{"leaf":%q,"incident":%q}`, id, in)}
	}
	m.commit(entries)
	return entries
}

// Snapshot returns a copy of the store as it is now: what a backup would
// bring back. Leases are not part of it.
func (m *Memory) Snapshot() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := NewMemory(m.now)
	c.events, c.root, c.first = slices.Clone(m.events), m.root, slices.Clone(m.first)
	for id, i := range m.place {
		c.place[id] = i
	}
	c.logs, c.index = nil, nil
	for i := range m.logs {
		c.logs = append(c.logs, slices.Clone(m.logs[i]))
		index := make(map[jurat.EventID]int64, len(m.index[i]))
		for id, n := range m.index[i] {
			index[id] = n
		}
		c.index = append(c.index, index)
	}
	return c
}

// Tamper replaces the leaf at an index of the current log, as somebody with
// the database open might.
func (m *Memory) Tamper(index int64, leaf []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	log := m.logs[len(m.logs)-1]
	log[index].Leaf = leaf
}

// Head implements [ledger.Store].
func (m *Memory) Head(ctx context.Context) (ledger.Head, error) {
	if err := ctx.Err(); err != nil {
		return ledger.Head{}, jurat.Because(jurat.Unavailable, err, "read the head")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	current := len(m.logs) - 1
	return ledger.Head{Log: int64(current), Size: int64(len(m.logs[current])), Root: m.root}, nil
}

// Unsequenced implements [ledger.Store].
func (m *Memory) Unsequenced(ctx context.Context, n int) ([]ledger.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "read what is pending")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	current := len(m.logs) - 1
	for m.first[current] < len(m.events) {
		if _, ok := m.index[current][m.events[m.first[current]].Event]; !ok {
			break
		}
		m.first[current]++
	}
	var out []ledger.Entry
	for _, e := range m.events[m.first[current]:] {
		if len(out) >= n {
			break
		}
		if _, ok := m.index[current][e.Event]; !ok {
			out = append(out, e)
		}
	}
	return out, nil
}

// Sequence implements [ledger.Store].
func (m *Memory) Sequence(ctx context.Context, lease ledger.Lease, from int64, entries []ledger.Entry, head ledger.Head) error {
	if err := ctx.Err(); err != nil {
		return jurat.Because(jurat.Unavailable, err, "sequence")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.holds(lease); err != nil {
		return err
	}
	current := int64(len(m.logs) - 1)
	var size int64
	switch head.Log {
	case current:
		size = int64(len(m.logs[current]))
	case current + 1:
	default:
		return jurat.Errorf(jurat.Conflict, "log %d cannot follow log %d", head.Log, current)
	}
	if from != size || head.Size != from+int64(len(entries)) {
		return jurat.Errorf(jurat.Conflict, "the log has %d leaves: sequencing %d from %d to %d does not continue it", size, len(entries), from, head.Size)
	}
	index := map[jurat.EventID]int64{}
	if head.Log == current {
		index = m.index[current]
	}
	fresh := map[jurat.EventID]int64{}
	leaves := make([]ledger.Entry, len(entries))
	for i, e := range entries {
		leaves[i] = ledger.Entry{Event: e.Event, Leaf: slices.Clone(e.Leaf)}
		if e.Event == "" {
			continue
		}
		at, known := m.place[e.Event]
		_, indexed := index[e.Event]
		_, twice := fresh[e.Event]
		if !known || indexed || twice {
			return jurat.Errorf(jurat.Conflict, "event %s is not waiting for an index", e.Event)
		}
		fresh[e.Event], leaves[i].Leaf = from+int64(i), m.events[at].Leaf
	}
	if head.Log > current {
		m.logs, m.index, m.first = append(m.logs, nil), append(m.index, index), append(m.first, 0)
	}
	for id, i := range fresh {
		index[id] = i
	}
	m.logs[head.Log] = append(m.logs[head.Log], leaves...)
	m.root = head.Root
	return nil
}

// Leaves implements [ledger.Store].
func (m *Memory) Leaves(ctx context.Context, from, to int64, fn func(int64, []byte) error) error {
	for i := from; i < to; i++ {
		if err := ctx.Err(); err != nil {
			return jurat.Because(jurat.Unavailable, err, "read leaf %d", i)
		}
		m.mu.Lock()
		log := m.logs[len(m.logs)-1]
		m.mu.Unlock()
		if i < 0 || i >= int64(len(log)) {
			return jurat.Errorf(jurat.NotFound, "the log has %d leaves, there is no leaf %d", len(log), i)
		}
		if err := fn(i, log[i].Leaf); err != nil {
			return err
		}
	}
	return nil
}

// Index implements [ledger.Store].
func (m *Memory) Index(ctx context.Context, id jurat.EventID) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, jurat.Because(jurat.Unavailable, err, "read the index of %s", id)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.index[len(m.index)-1][id]
	if !ok {
		return 0, jurat.Errorf(jurat.NotFound, "event %s has no index yet", id)
	}
	return i, nil
}

// IndexIn implements [ledger.Store].
func (m *Memory) IndexIn(ctx context.Context, log int64, id jurat.EventID) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, jurat.Because(jurat.Unavailable, err, "read the index of %s", id)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if log >= 0 && log < int64(len(m.index)) {
		if i, ok := m.index[log][id]; ok {
			return i, nil
		}
	}
	return 0, jurat.Errorf(jurat.NotFound, "event %s had no index in log %d", id, log)
}

// Acquire implements [ledger.Store].
func (m *Memory) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (ledger.Lease, error) {
	if err := ctx.Err(); err != nil {
		return ledger.Lease{}, jurat.Because(jurat.Unavailable, err, "acquire the lease %s", name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.leases[name]
	if h == nil {
		h = &held{free: true}
		m.leases[name] = h
	}
	if !h.free && m.now().Before(h.Until) {
		return ledger.Lease{}, jurat.Errorf(jurat.Conflict, "the lease %s is held by %s", name, h.Holder)
	}
	h.ttl, h.free = ttl, false
	h.Lease = ledger.Lease{Name: name, Holder: holder, Fence: h.Fence + 1, Until: m.now().Add(ttl)}
	return h.Lease, nil
}

// Renew implements [ledger.Store].
func (m *Memory) Renew(ctx context.Context, lease ledger.Lease) (ledger.Lease, error) {
	if err := ctx.Err(); err != nil {
		return ledger.Lease{}, jurat.Because(jurat.Unavailable, err, "renew the lease %s", lease.Name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.holds(lease); err != nil {
		return ledger.Lease{}, err
	}
	h := m.leases[lease.Name]
	h.Until = m.now().Add(h.ttl)
	return h.Lease, nil
}

// Release implements [ledger.Store].
func (m *Memory) Release(ctx context.Context, lease ledger.Lease) error {
	if err := ctx.Err(); err != nil {
		return jurat.Because(jurat.Unavailable, err, "release the lease %s", lease.Name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holds(lease) == nil {
		m.leases[lease.Name].free = true
	}
	return nil
}

// holds refuses a lease that is not the latest of its name, or was released.
func (m *Memory) holds(lease ledger.Lease) error {
	h := m.leases[lease.Name]
	if h == nil || h.free || h.Fence != lease.Fence {
		return jurat.Errorf(jurat.Conflict, "the lease %s is no longer held by %s", lease.Name, lease.Holder)
	}
	return nil
}
