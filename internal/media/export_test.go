package media

import (
	"context"
	"time"
)

// Try runs a program in the sandbox as ffmpeg is run, for tests of its walls.
func (t *Tools) Try(ctx context.Context, program string, args ...string) (string, error) {
	return t.TryFor(ctx, 20*time.Second, program, args...)
}

// TryFor is Try with a limit of time.
func (t *Tools) TryFor(ctx context.Context, wall time.Duration, program string, args ...string) (string, error) {
	var out bounded
	err := t.run(ctx, job{program: program, args: args, stdout: &out, limits: limits{wall: wall}})
	return out.String(), err
}

// Holding is the tools with room for so many bytes in memory.
func (t *Tools) Holding(most int64) *Tools {
	t.memory = most
	return t
}
