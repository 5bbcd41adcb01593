package fsck

import "crypto/sha256"

// A hash is a node of the tree of RFC 6962.
type hash = [sha256.Size]byte

func leafHash(leaf []byte) hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return hash(h.Sum(nil))
}

func nodeHash(left, right hash) hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// A tree is the head of a log that grows: the roots of the complete subtrees
// it is made of, the largest first. Its size in memory is the logarithm of
// its size.
type tree struct {
	size  int64
	peaks []peak
}

type peak struct {
	height int // 2^height leaves
	root   hash
}

// add appends a leaf's hash. grown is called with every subtree that is
// complete by it, from the leaf upward.
func (t *tree) add(leaf hash, grown func(height int, root hash)) {
	p := peak{0, leaf}
	grown(p.height, p.root)
	for n := len(t.peaks); n > 0 && t.peaks[n-1].height == p.height; n-- {
		p = peak{p.height + 1, nodeHash(t.peaks[n-1].root, p.root)}
		t.peaks = t.peaks[:n-1]
		grown(p.height, p.root)
	}
	t.peaks = append(t.peaks, p)
	t.size++
}

// root is the hash of the whole tree.
func (t *tree) root() hash {
	if len(t.peaks) == 0 {
		return sha256.Sum256(nil)
	}
	r := t.peaks[len(t.peaks)-1].root
	for i := len(t.peaks) - 2; i >= 0; i-- {
		r = nodeHash(t.peaks[i].root, r)
	}
	return r
}
