package dossier

import (
	"bytes"
	"encoding/csv"

	"jurat/format"
)

// custodyText is jurat/custody.csv: who did what to which exhibit, when.
func custodyText(lines []CustodyLine) []byte {
	rows := [][]string{{"item", "act", "at", "by", "note", "event"}}
	for _, l := range lines {
		rows = append(rows, []string{string(l.Item), string(l.Act), l.At, l.By, l.Note, string(l.Event)})
	}
	return table(rows)
}

// openedText is jurat/opened.csv: who opened the incident, by office.
func openedText(lines []OpenedLine) []byte {
	rows := [][]string{{"at", "office", "role", "item", "reason", "event"}}
	for _, l := range lines {
		rows = append(rows, []string{l.At, string(l.Office), string(l.Role), string(l.Item), l.Reason, string(l.Event)})
	}
	return table(rows)
}

func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.WriteAll(rows) //nolint:errcheck // a buffer never fails
	return b.Bytes()
}

func certificateText(d format.ReferralDocument) []byte {
	var b bytes.Buffer
	b.WriteString("DRAFT. Nobody has signed or certified anything by this text.\n")
	for _, c := range d.Certificate {
		b.WriteString("\n" + c.Rule + "\n\n" + c.Text + "\n")
	}
	return b.Bytes()
}
