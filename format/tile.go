package format

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// Tiles are those of C2SP tlog-tiles (L12): height 8, so 256 hashes or
// entries when full. A bundle of entries is a [tlog.Tile] at level -1.
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight

	// MaxEntry is the most bytes an entry of a bundle may have.
	MaxEntry = 1<<16 - 1
)

// TilePath is where a tile lies under ledger/: tile/<L>/<N>[.p/<W>], with
// "entries" for <L> at level -1. t.H is not looked at: it is always 8.
func TilePath(t tlog.Tile) string {
	level := "entries"
	if t.L >= 0 {
		level = strconv.Itoa(t.L)
	}
	n := t.N
	path := pad3(n % 1000)
	for n >= 1000 {
		n /= 1000
		path = "x" + pad3(n%1000) + "/" + path
	}
	path = "tile/" + level + "/" + path
	if t.W != TileWidth {
		path += ".p/" + strconv.Itoa(t.W)
	}
	return path
}

func pad3(n int64) string { return strconv.FormatInt(1000+n, 10)[1:] }

// ParseTilePath reads what TilePath prints, and no other spelling.
// Unavailable: anything else.
func ParseTilePath(path string) (tlog.Tile, error) {
	t := tlog.Tile{H: TileHeight, W: TileWidth}
	bad := jurat.Errorf(jurat.Unavailable, "%q is not the path of a tile", path)
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 || len(path) > 100 {
		return tlog.Tile{}, bad
	}
	var err error
	if level == "entries" {
		t.L = -1
	} else if t.L, err = strconv.Atoi(level); err != nil || t.L < 0 || t.L > 63 {
		return tlog.Tile{}, bad
	}
	if number, width, partial := strings.Cut(rest, ".p/"); partial {
		rest = number
		if t.W, err = strconv.Atoi(width); err != nil || t.W < 1 || t.W >= TileWidth {
			return tlog.Tile{}, bad
		}
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(rest, "/", ""), "x", "")
	if t.N, err = strconv.ParseInt(digits, 10, 64); err != nil || TilePath(t) != path {
		return tlog.Tile{}, bad
	}
	return t, nil
}

// AppendEntry appends an entry to a bundle: two bytes of length, big-endian,
// and the entry. Invalid: the entry is longer than [MaxEntry].
func AppendEntry(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntry {
		return bundle, jurat.Errorf(jurat.Invalid, "an entry of %d bytes; at most %d", len(entry), MaxEntry)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// Entries takes a bundle apart. The entries share its memory. Unavailable: it
// is cut short or holds more than [TileWidth].
func Entries(bundle []byte) ([][]byte, error) {
	var list [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, jurat.Errorf(jurat.Unavailable, "the bundle of entries is cut short in entry %d", len(list))
		}
		if len(list) == TileWidth {
			return nil, jurat.Errorf(jurat.Unavailable, "the bundle holds more than %d entries", TileWidth)
		}
		n := 2 + int(binary.BigEndian.Uint16(bundle))
		list = append(list, bundle[2:n:n])
		bundle = bundle[n:]
	}
	return list, nil
}
