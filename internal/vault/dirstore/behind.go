package dirstore

// syncEvery is how much is written around the page cache before it is synced
// while more is written: the end waits for what the disk has not taken yet.
const syncEvery = 16 << 20

// A behind syncs a file behind its writer. The zero value has nothing to sync.
type behind struct {
	written int64      // since the last sync began
	done    chan error // what the last one says; nil: none is in progress, none failed
}

// wrote is told of n more bytes, and begins a sync when it is time and the one
// before has returned: a disk slower than the writer is asked once at a time.
func (b *behind) wrote(n int, sync func() error) error {
	b.written += int64(n)
	if b.written < syncEvery {
		return nil
	}
	if b.done != nil {
		select {
		case err := <-b.done:
			if b.heard(err) != nil {
				return err
			}
		default:
			return nil
		}
	}
	done := make(chan error, 1)
	b.written, b.done = 0, done
	go func() { done <- sync() }()
	return nil
}

// wait returns when no sync is in progress, with why what was written is not
// durable.
func (b *behind) wait() error {
	if b.done == nil {
		return nil
	}
	return b.heard(<-b.done)
}

// heard keeps a failure: the system tells of it once, and the next sync of the
// same file succeeds over what was lost.
func (b *behind) heard(err error) error {
	if err == nil {
		b.done = nil
	} else {
		b.done <- err
	}
	return err
}
