package dirstore

// syncEvery is how much is written around the page cache before it is synced
// while more is written: the end waits for what the disk has not taken yet, and
// for 64 MiB that is as long as half of the writing.
const syncEvery = 16 << 20

// A behind syncs a file behind its writer. The zero value has nothing to sync.
type behind struct {
	written int64      // since the last sync began
	done    chan error // nil: none is in progress
}

// wrote is told of n more bytes; err is why what was written before them is not
// durable, which no later sync would say again.
func (b *behind) wrote(n int, sync func() error) (err error) {
	b.written += int64(n)
	if b.written < syncEvery {
		return nil
	}
	if b.done != nil {
		select {
		case err = <-b.done:
		default:
			return nil // the disk is slower than the writer: one at a time
		}
	}
	done := make(chan error, 1)
	b.written, b.done = 0, done
	go func() { done <- sync() }()
	return err
}

// wait returns when no sync is in progress, with what the last one said.
func (b *behind) wait() error {
	if b.done == nil {
		return nil
	}
	err := <-b.done
	b.done = nil
	return err
}
