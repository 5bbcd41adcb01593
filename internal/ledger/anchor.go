package ledger

func (l *Ledger) imported() ([]reference, error) { return nil, nil }
