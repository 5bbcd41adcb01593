package vault_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

// receiveAll takes every outcome, in order.
func receiveAll(ctx context.Context, v *vault.Vault, names []string, progress func(int64)) (all []vault.Outcome, groups int) {
	for g := range v.ReceiveBatch(ctx, slices.Values(names), progress) {
		all = append(all, g...)
		groups++
	}
	return all, groups
}

func TestABatchOfManyFiles(t *testing.T) {
	dir := t.TempDir()
	var names []string
	content := map[string][]byte{}
	for i := range 600 {
		n := i * 37 % 5000
		switch i {
		case 100, 101, 300, 599:
			n = 3<<20 + i // larger than a hand holds
		case 7:
			n = 1<<20 - 1
		case 8:
			n = 1 << 20
		case 9:
			n = 0
		}
		name := filepath.Join(dir, fmt.Sprintf("photo-%03d.jpg", i))
		content[name] = vaulttest.Bytes(n)
		writeFile(t, name, content[name])
		names = append(names, name)
	}
	s := memstore.New()
	v := newVault(t, s)
	var last int64
	all, groups := receiveAll(t.Context(), v, names, func(n int64) {
		if n < last {
			t.Errorf("progress went back from %d to %d", last, n)
		}
		last = n
	})
	if len(all) != len(names) {
		t.Fatalf("%d outcomes for %d files", len(all), len(names))
	}
	var sum int64
	ids := map[vault.BlobID]bool{}
	for i, o := range all {
		if o.Name != names[i] || o.Err != nil {
			t.Fatalf("outcome %d: %s, %v", i, o.Name, o.Err)
		}
		if o.Blob.Digest != jurat.DigestOf(content[o.Name]) || ids[o.Blob.ID] {
			t.Errorf("%s: %+v", o.Name, o.Blob)
		}
		ids[o.Blob.ID] = true
		sum += o.Blob.Size
		if err := v.Check(t.Context(), o.Blob); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
	if last != sum {
		t.Errorf("progress ended at %d of %d", last, sum)
	}
	if groups < 4 || groups > 20 {
		t.Errorf("%d groups", groups)
	}
}

func TestABadFileDoesNotStopABatch(t *testing.T) {
	dir := t.TempDir()
	bad := hard(t, dir)
	good := []string{
		writeFile(t, filepath.Join(dir, "empty.jpg"), nil),
		writeFile(t, filepath.Join(dir, "small.jpg"), vaulttest.Bytes(1000)),
		writeFile(t, filepath.Join(dir, "large.mp4"), vaulttest.Bytes(3<<20)),
	}
	names := slices.Sorted(maps.Keys(bad))
	names = slices.Concat(good[:1], names, good[1:], names, good)
	s := memstore.New()
	all, _ := receiveAll(t.Context(), newVault(t, s), names, nil)
	if len(all) != len(names) {
		t.Fatalf("%d outcomes for %d files", len(all), len(names))
	}
	kept := 0
	for i, o := range all {
		if o.Name != names[i] {
			t.Errorf("outcome %d is of %s, want %s", i, o.Name, names[i])
		}
		want, isBad := bad[o.Name]
		switch {
		case isBad && (!errors.Is(o.Err, want) || !strings.HasPrefix(o.Err.Error(), o.Name+" was not kept: ") || o.Blob.ID != ""):
			t.Errorf("%s: %v, want %s", o.Name, o.Err, want)
		case !isBad && o.Err != nil:
			t.Errorf("%s: %v", o.Name, o.Err)
		case !isBad:
			kept++
		}
	}
	n := 0
	for range s.Blobs(t.Context()) {
		n++
	}
	for l := range s.Litter(t.Context()) {
		t.Errorf("left: %+v", l)
	}
	if n != kept {
		t.Errorf("%d blobs for %d kept files", n, kept)
	}
}

func TestAFailingStoreCostsOnlyTheFilesItFails(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 300 {
		n := 500
		if i == 20 {
			n = 2 << 20
		}
		names = append(names, writeFile(t, filepath.Join(dir, fmt.Sprintf("f%03d", i)), vaulttest.Bytes(n)))
	}
	for _, op := range []vaulttest.Op{vaulttest.OpCreate, vaulttest.OpWrite, vaulttest.OpFinish, vaulttest.OpKeep} {
		for _, n := range []int{1, 20, 21, 22, 200, 300} {
			home := memstore.New()
			s := vaulttest.Break(home, vaulttest.Fault{Op: op, N: n, Err: syscall.ENOSPC, Short: 100})
			v := newVault(t, s)
			all, _ := receiveAll(t.Context(), v, names, nil)
			failed := 0
			for _, o := range all {
				if o.Err != nil {
					failed++
					if !errors.Is(o.Err, syscall.ENOSPC) || !strings.Contains(o.Err.Error(), filepath.Base(o.Name)) {
						t.Errorf("%s %d: %v", op, n, o.Err)
					}
					continue
				}
				if err := v.Check(t.Context(), o.Blob); err != nil {
					t.Errorf("%s %d: %s: %v", op, n, o.Name, err)
				}
			}
			kept := 0
			for range home.Blobs(t.Context()) {
				kept++
			}
			for l := range home.Litter(t.Context()) {
				t.Errorf("%s %d left %+v", op, n, l)
			}
			want := 0
			if s.Struck() {
				want = 1
			}
			if len(all) != len(names) || failed != want || kept != len(names)-want {
				t.Errorf("%s %d: %d outcomes, %d failed, %d kept", op, n, len(all), failed, kept)
			}
		}
	}
}

func TestADiskThatStaysFullKeepsWhatFitted(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 100 {
		names = append(names, writeFile(t, filepath.Join(dir, fmt.Sprintf("f%03d", i)), vaulttest.Bytes(500)))
	}
	home := memstore.New()
	s := vaulttest.Break(home, vaulttest.Fault{Op: vaulttest.OpWrite, N: 41, Lasts: true, Err: syscall.ENOSPC})
	all, _ := receiveAll(t.Context(), newVault(t, s), names, nil)
	failed := 0
	for _, o := range all {
		if o.Err != nil {
			failed++
		}
	}
	if len(all) != 100 || failed != 60 {
		t.Errorf("%d outcomes, %d failed; want 100 and 60", len(all), failed)
	}
	for l := range home.Litter(t.Context()) {
		t.Errorf("left: %+v", l)
	}
}

func TestWhoStopsEarlyLeavesOnlyWhatTheyTook(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 1500 {
		n := 10
		if i%400 == 399 {
			n = 2 << 20
		}
		names = append(names, writeFile(t, filepath.Join(dir, fmt.Sprintf("f%04d", i)), vaulttest.Bytes(n)))
	}
	before := runtime.NumGoroutine()
	for stopAt := range 5 {
		s := memstore.New()
		v := newVault(t, s)
		taken := 0
		for g := range v.ReceiveBatch(t.Context(), slices.Values(names), nil) {
			taken += len(g)
			if stopAt--; stopAt < 0 {
				break
			}
		}
		n := 0
		for range s.Blobs(t.Context()) {
			n++
		}
		if n != taken {
			t.Errorf("%d blobs, %d outcomes taken", n, taken)
		}
		for l := range s.Litter(t.Context()) {
			t.Errorf("left: %+v", l)
		}
		if _, err := v.Receive(t.Context(), strings.NewReader("the buffers are free again")); err != nil {
			t.Error(err)
		}
	}
	runtime.Gosched()
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func TestALargeFileNobodyHeardOfIsRemoved(t *testing.T) {
	dir := t.TempDir()
	names := []string{
		writeFile(t, filepath.Join(dir, "small"), vaulttest.Bytes(10)),
		writeFile(t, filepath.Join(dir, "large"), vaulttest.Bytes(2<<20)),
	}
	s := memstore.New()
	v := newVault(t, s)
	for g := range v.ReceiveBatch(t.Context(), slices.Values(names), nil) {
		if len(g) != 1 || g[0].Name != names[0] {
			t.Fatalf("%+v", g)
		}
		// The next group is made meanwhile: wait until the large file is kept.
		for n := 0; n < 2; time.Sleep(time.Millisecond) {
			n = 0
			for range s.Blobs(t.Context()) {
				n++
			}
		}
		break
	}
	n := 0
	for range s.Blobs(t.Context()) {
		n++
	}
	if n != 1 {
		t.Errorf("%d blobs, one outcome taken", n)
	}
}

func TestAStoppedBatchAnswersForEveryFile(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 1000 {
		names = append(names, writeFile(t, filepath.Join(dir, fmt.Sprintf("f%04d", i)), vaulttest.Bytes(10)))
	}
	for _, after := range []int64{0, 10, 3000, 5500} {
		s := memstore.New()
		ctx, cancel := context.WithCancel(t.Context())
		if after == 0 {
			cancel()
		}
		all, _ := receiveAll(ctx, newVault(t, s), names, func(n int64) {
			if n >= after {
				cancel()
			}
		})
		cancel()
		kept := 0
		for i, o := range all {
			if o.Name != names[i] {
				t.Errorf("outcome %d is of %s", i, o.Name)
			}
			if o.Err == nil {
				kept++
			} else if !errors.Is(o.Err, jurat.Unavailable) {
				t.Error(o.Err)
			}
		}
		n := 0
		for range s.Blobs(t.Context()) {
			n++
		}
		if len(all) != len(names) || n != kept {
			t.Errorf("stopped after %d bytes: %d outcomes, %d kept, %d blobs", after, len(all), kept, n)
		}
		if after <= 2000 && kept > 0 {
			t.Errorf("stopped after %d bytes, before the first group was durable, and %d were kept", after, kept)
		}
		for l := range s.Litter(t.Context()) {
			t.Errorf("left: %+v", l)
		}
	}
}

func TestAnEmptyBatchHasNoGroups(t *testing.T) {
	if all, groups := receiveAll(t.Context(), newVault(t, memstore.New()), nil, nil); len(all) != 0 || groups != 0 {
		t.Errorf("%d outcomes, %d groups", len(all), groups)
	}
}

func TestASmallFileThatGrowsIsRefused(t *testing.T) {
	// Between the look at its size and the end of reading: a name that is small
	// when looked at, large when opened.
	if _, err := os.Stat("/proc/self/smaps"); err != nil {
		t.Skip("no file of size 0 with content here")
	}
	s := memstore.New()
	all, _ := receiveAll(t.Context(), newVault(t, s), []string{"/proc/self/smaps"}, nil)
	if len(all) != 1 || !errors.Is(all[0].Err, jurat.Conflict) {
		t.Errorf("%+v", all)
	}
	wantEmpty(t, s)
}
