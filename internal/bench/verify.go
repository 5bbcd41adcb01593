package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// verify is row 4.
func verify(ctx context.Context, s setup) error {
	head("4", fmt.Sprintf("verify a %g GiB dossier", s.gib))
	zip, err := s.dossier(ctx)
	if err != nil {
		return err
	}
	defer os.Remove(zip)
	var jurat, digest series
	var rss int64
	for range s.rounds {
		t, _, _, err := run(ctx, nil, "openssl", "dgst", "-sha256", zip)
		if err != nil {
			return err
		}
		digest = append(digest, t)
		t, peak, out, err := run(ctx, nil, s.jurat, "verify", "--json", zip)
		if err != nil {
			return err
		}
		var report struct{ Answer string }
		if err := json.Unmarshal(out, &report); err != nil || report.Answer != "intact" {
			return fmt.Errorf("verify answers %q: %s", report.Answer, tail(out))
		}
		jurat, rss = append(jurat, t), max(rss, peak)
	}
	line("jurat verify: intact", "%v", jurat)
	line("openssl dgst -sha256", "%v, %s", digest, version(ctx, "openssl", "version"))
	against("jurat / openssl dgst", ratios(jurat, digest), "at most 1.2")
	line("jurat's peak memory", "%d MiB", rss)
	return nil
}

// dossier makes a dossier with one large exhibit, by the command line.
func (s setup) dossier(ctx context.Context) (string, error) {
	dir, in, err := s.record(ctx, "record-4")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(s.dir, "video.bin")
	if err := noise(file, int64(s.gib*(1<<30))); err != nil {
		return "", err
	}
	defer os.Remove(file)
	zip := filepath.Join(s.dir, "dossier.zip")
	key := func(who string) string { return filepath.Join(dir, who+".key") }
	fields := `{"activity_kinds":["other"],"force_seen":["none_observed"],"warrant_shown":"unknown"}`
	report := `{"narrative":"A report made for a measurement.","violation_alleged":"unknown","anyone_injured":"no","viewed_footage":"no","witnesses_canvassed":"not_applicable","private_video_asked":"not_applicable"}`
	attempt := `{"outcome":"not_attempted","not_attempted":"a measurement","recording":"no"}`
	order := filepath.Join(s.dir, "order.yaml")
	if err := shippedOrder(order); err != nil {
		return "", err
	}
	steps := [][]string{
		{"office", "add", "County prosecutor"},
		{"order", "adopt", order},
		{"person", "add", "officer-1", "--role", "officer", "--sworn"},
		{"person", "add", "supervisor-1", "--role", "supervisor", "--sworn"},
		{"person", "add", "detective-1", "--role", "detective", "--sworn"},
		{"person", "key", "officer-1", "--out", key("officer-1")},
		{"person", "key", "supervisor-1", "--out", key("supervisor-1")},
		{"person", "key", "detective-1", "--out", key("detective-1")},
		{"receive", "--incident", in, "--kind", "document", file},
		{"record", "add", "activity", "--incident", in, "--fields", fields, "--submit", "--sign", key("officer-1")},
		{"record", "add", "identification_attempt", "--incident", in, "--fields", attempt, "--submit", "--sign", key("officer-1")},
		{"record", "add", "report", "--incident", in, "--fields", report, "--submit", "--sign", key("officer-1")},
		{"account", "open", "agency", "--incident", in, "--asked", "letter", "--as", "detective-1"},
		{"allegation", "add", "reckless-conduct", "--incident", in, "--actor", "unknown", "--as", "detective-1"},
	}
	var elements []struct{ ID string }
	for _, step := range steps {
		_, _, out, err := run(ctx, nil, s.jurat, append([]string{"--dir", dir, "--json"}, step...)...)
		if err != nil {
			return "", fmt.Errorf("%v: %w", step, err)
		}
		if step[0] == "allegation" {
			var a struct{ Elements []struct{ ID string } }
			if err := json.Unmarshal(out, &a); err != nil {
				return "", err
			}
			elements = a.Elements
		}
	}
	id := func(letter string) string { return in + "-" + letter + "1" }
	steps = nil
	for _, e := range elements {
		steps = append(steps, []string{"allegation", "weigh", id("A"), "--element", e.ID, "--for", id("E"), "--none-known", "--as", "detective-1"})
	}
	steps = append(steps, [][]string{
		{"record", "approve", in + "-R3", "--sign", key("supervisor-1")},
		{"refer", "prepare", "--incident", in, "--to", "county-prosecutor", "--allegation", id("A"), "--scope", "outside_protocol", "--reason", "a measurement", "--sign", key("detective-1")},
		{"refer", "attest", id("K"), "--none", "--sign", key("detective-1")},
		{"refer", "approve", id("K"), "--sign", key("supervisor-1")},
		{"refer", "send", id("K"), "--out", zip, "--plain", "a measurement", "--sign", key("detective-1")},
	}...)
	for _, step := range steps {
		if _, _, _, err := run(ctx, nil, s.jurat, append([]string{"--dir", dir}, step...)...); err != nil {
			return "", fmt.Errorf("%v: %w", step, err)
		}
	}
	return zip, nil
}
