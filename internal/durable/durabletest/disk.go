// Package durabletest has a disk that forgets.
//
// Holds: files in memory, each as it is and as it was when last synced.
// Promises: power can be cut at any step, and what is left is no more than a
// real disk owes to whoever did not sync.
// May open: durable, for its contract.
// Never: is linked into the product.
package durabletest

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"jurat/internal/durable"
)

// ErrPower is the error of every call after the power was cut.
var ErrPower = errors.New("power cut")

// A Loss says what a power cut does to what was not synced. A real disk may do
// any of these, so a test tries them all.
type Loss string

// The losses.
const (
	LoseAll   Loss = "nothing unsynced survives"
	LoseData  Loss = "names survive, the bytes behind them do not"
	LoseNames Loss = "bytes survive, the names do not"
	LoseNone  Loss = "everything done so far survives"
)

// Losses lists every loss.
var Losses = [...]Loss{LoseAll, LoseData, LoseNames, LoseNone}

// A Disk is a [durable.Disk] in memory whose power can be cut.
type Disk struct {
	mu    sync.Mutex
	root  *node
	steps int
	cut   int // the step at which power goes; 0: never
	done  bool
	torn  bool // the step that fails is carried out all the same
}

// A node is a file or, when names is not nil, a directory: as it is, and as it
// was when last synced.
type node struct {
	data, syncedData   []byte
	names, syncedNames map[string]*node
}

func newDir() *node { return &node{names: map[string]*node{}, syncedNames: map[string]*node{}} }

// New returns an empty disk.
func New() *Disk { return &Disk{root: newDir()} }

// FailAt cuts the power at the n-th step from now (from 1). With torn the step
// takes effect although its caller is told it failed.
func (d *Disk) FailAt(n int, torn bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps, d.cut, d.torn = 0, n, torn
}

// Failed reports whether the power was cut.
func (d *Disk) Failed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done
}

// Crash returns the disk as it is found when the power is back.
func (d *Disk) Crash(loss Loss) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &Disk{root: after(d.root, loss)}
}

func after(n *node, loss Loss) *node {
	if n.names == nil {
		data := n.syncedData
		if loss == LoseNames || loss == LoseNone {
			data = n.data
		}
		return &node{data: slices.Clone(data), syncedData: slices.Clone(data)}
	}
	names := n.syncedNames
	if loss == LoseData || loss == LoseNone {
		names = n.names
	}
	dir := newDir()
	for name, child := range names {
		c := after(child, loss)
		dir.names[name], dir.syncedNames[name] = c, c
	}
	return dir
}

// step counts a call that changes the disk. Its caller must return the error
// and, when carry is false, change nothing.
func (d *Disk) step() (carry bool, err error) {
	if d.done {
		return false, ErrPower
	}
	d.steps++
	if d.cut != 0 && d.steps == d.cut {
		d.done = true
		return d.torn, ErrPower
	}
	return true, nil
}

func pathError(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// find returns the node called name, or nil.
func (d *Disk) find(name string) *node {
	n := d.root
	for part := range strings.SplitSeq(filepath.ToSlash(filepath.Clean(name)), "/") {
		if part == "" || part == "." {
			continue
		}
		if n == nil || n.names == nil {
			return nil
		}
		n = n.names[part]
	}
	return n
}

// parent returns the directory of name and its last part.
func (d *Disk) parent(name string) (*node, string) {
	dir := d.find(filepath.Dir(filepath.Clean(name)))
	if dir == nil || dir.names == nil {
		return nil, ""
	}
	return dir, filepath.Base(name)
}

// Create implements [durable.Disk].
func (d *Disk) Create(name string, _ fs.FileMode) (durable.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, base := d.parent(name)
	if dir == nil {
		return nil, pathError("create", name, fs.ErrNotExist)
	}
	if dir.names[base] != nil {
		return nil, pathError("create", name, fs.ErrExist)
	}
	carry, err := d.step()
	n := &node{}
	if carry {
		dir.names[base] = n
	}
	if err != nil {
		return nil, pathError("create", name, err)
	}
	return &file{disk: d, node: n, name: base}, nil
}

// Open implements [durable.Disk].
func (d *Disk) Open(name string) (durable.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		return nil, pathError("open", name, ErrPower)
	}
	n := d.find(name)
	if n == nil || n.names != nil {
		return nil, pathError("open", name, fs.ErrNotExist)
	}
	return &file{disk: d, node: n, name: filepath.Base(name)}, nil
}

// SyncDir implements [durable.Disk].
func (d *Disk) SyncDir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.find(name)
	if n == nil || n.names == nil {
		return pathError("sync", name, fs.ErrNotExist)
	}
	carry, err := d.step()
	if carry {
		clear(n.syncedNames)
		for k, v := range n.names {
			n.syncedNames[k] = v
		}
	}
	if err != nil {
		return pathError("sync", name, err)
	}
	return nil
}

// Mkdir implements [durable.Disk].
func (d *Disk) Mkdir(name string, _ fs.FileMode) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.find(name) != nil {
		return pathError("mkdir", name, fs.ErrExist)
	}
	dir, base := d.parent(name)
	if dir == nil {
		return pathError("mkdir", name, fs.ErrNotExist)
	}
	carry, err := d.step()
	if carry {
		dir.names[base] = newDir()
	}
	if err != nil {
		return pathError("mkdir", name, err)
	}
	return nil
}

// Rename implements [durable.Disk].
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	src, a := d.parent(from)
	dst, b := d.parent(to)
	if src == nil || dst == nil || src.names[a] == nil {
		return pathError("rename", from, fs.ErrNotExist)
	}
	carry, err := d.step()
	if carry {
		n := src.names[a]
		delete(src.names, a)
		dst.names[b] = n
	}
	if err != nil {
		return pathError("rename", from, err)
	}
	return nil
}

// Remove implements [durable.Disk].
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, base := d.parent(name)
	if dir == nil || dir.names[base] == nil {
		return pathError("remove", name, fs.ErrNotExist)
	}
	if len(dir.names[base].names) > 0 {
		return pathError("remove", name, fs.ErrExist)
	}
	carry, err := d.step()
	if carry {
		delete(dir.names, base)
	}
	if err != nil {
		return pathError("remove", name, err)
	}
	return nil
}

// Stat implements [durable.Disk].
func (d *Disk) Stat(name string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		return nil, pathError("stat", name, ErrPower)
	}
	n := d.find(name)
	if n == nil {
		return nil, pathError("stat", name, fs.ErrNotExist)
	}
	return info{filepath.Base(name), int64(len(n.data)), n.names != nil}, nil
}

// ReadDir implements [durable.Disk].
func (d *Disk) ReadDir(name string) ([]fs.DirEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		return nil, pathError("readdir", name, ErrPower)
	}
	n := d.find(name)
	if n == nil || n.names == nil {
		return nil, pathError("readdir", name, fs.ErrNotExist)
	}
	var list []fs.DirEntry
	for base, c := range n.names {
		list = append(list, fs.FileInfoToDirEntry(info{base, int64(len(c.data)), c.names != nil}))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// A file is an open file; a node removed while open keeps its bytes.
type file struct {
	disk *Disk
	node *node
	name string
}

func (f *file) Write(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	carry, err := f.disk.step()
	if err != nil {
		if carry { // torn: half of it arrived
			f.node.data = append(f.node.data, p[:len(p)/2]...)
		}
		return 0, pathError("write", f.name, err)
	}
	f.node.data = append(f.node.data, p...)
	return len(p), nil
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.done {
		return 0, pathError("read", f.name, ErrPower)
	}
	if off >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.node.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	carry, err := f.disk.step()
	if carry {
		f.node.syncedData = slices.Clone(f.node.data)
	}
	if err != nil {
		return pathError("sync", f.name, err)
	}
	return nil
}

func (f *file) Close() error { return nil }

func (f *file) Stat() (fs.FileInfo, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return info{f.name, int64(len(f.node.data)), false}, nil
}

// info describes a node; this disk keeps no times.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o700
	}
	return 0o600
}
