package fsck_test

import (
	"testing"
)

func TestAHealthyRecordIsIntact(t *testing.T) {
	c := copied(t)
	r := c.check(t)
	wantIntact(t, r)
	t.Log(printed(r))
}
