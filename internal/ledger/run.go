package ledger

import (
	"context"
	"time"
)

// Run publishes until ctx ends: whenever something may be pending, but not
// more often than every interval. It looks after every Wake, and at every
// interval even without one, because other processes save too. An error of a
// publication is given to report, and the next interval tries again; report
// gets nil after a publication that followed one with an error. Run keeps the
// lease between publications, so that no other program need be asked, and
// gives it back at its end. It returns when ctx has ended.
func (l *Ledger) Run(ctx context.Context, interval time.Duration, report func(error)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	defer l.Close()
	failing := false
	for ctx.Err() == nil {
		_, err := l.publish(ctx)
		if ctx.Err() == nil && (err != nil || failing) {
			failing = err != nil
			report(err)
		}
		// However often it is woken, one publication takes in all that was
		// saved during an interval. The first of a quiet time does not wait.
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-l.wake:
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
		}
	}
}

// Wake tells a running [Ledger.Run] that something was saved. It never waits.
func (l *Ledger) Wake() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}
