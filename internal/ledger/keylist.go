package ledger

// KeyList returns keys.jsonl as it lies published: which keys were in force for
// which leaves (docs/format/ledger.md, L18). Unavailable: it cannot be read.
func (l *Ledger) KeyList() ([]byte, error) {
	return l.folder.read(keysName, noteLimit)
}
