package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// record makes a record with one incident and gives a way to call jurat on it.
func (s setup) record(ctx context.Context, name string) (dir, incident string, err error) {
	dir = filepath.Join(s.dir, name)
	if _, _, _, err = run(ctx, nil, s.jurat, "init", dir); err != nil {
		return
	}
	incident, err = s.open(ctx, dir)
	return
}

func (s setup) open(ctx context.Context, dir string) (string, error) {
	_, _, out, err := run(ctx, nil, s.jurat, "--dir", dir, "--json", "incident", "open", "bench")
	if err != nil {
		return "", err
	}
	var in struct{ Incident string }
	return in.Incident, json.Unmarshal(out, &in)
}

// largeFile is row 1.
func largeFile(ctx context.Context, s setup) error {
	head("1", fmt.Sprintf("receive a %g GiB video: durable, encrypted, on the record", s.gib))
	size := int64(s.gib * (1 << 30))
	file := filepath.Join(s.dir, "video.bin")
	if err := noise(file, size); err != nil {
		return err
	}
	defer os.Remove(file)
	var jurat, digest, gcm, restic, borg series
	var rss int64
	for range s.rounds {
		t, _, _, err := run(ctx, nil, "openssl", "dgst", "-sha256", file)
		if err != nil {
			return err
		}
		digest = append(digest, t)
		rate, err := sealRate(ctx)
		if err != nil {
			return err
		}
		gcm = append(gcm, float64(size)/rate)
		dir, in, err := s.record(ctx, "record-1")
		if err != nil {
			return err
		}
		t, peak, _, err := run(ctx, nil, s.jurat, "--dir", dir, "receive", "--incident", in, "--kind", "bwc", file)
		if err != nil {
			return err
		}
		jurat, rss = append(jurat, t), max(rss, peak)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if t, err = s.backup(ctx, "restic", file); err != nil {
			return err
		} else if t > 0 {
			restic = append(restic, t)
		}
		if t, err = s.backup(ctx, "borg", file); err != nil {
			return err
		} else if t > 0 {
			borg = append(borg, t)
		}
	}
	both := make(series, len(digest))
	for i := range both {
		both[i] = digest[i] + gcm[i]
	}
	line("jurat receive", "%v", jurat)
	line("openssl dgst -sha256", "%v, %s", digest, version(ctx, "openssl", "version"))
	line("AES-256-GCM over the same bytes (openssl speed)", "%v", gcm)
	line("restic backup + sync", "%v, %s", restic, version(ctx, "restic", "version"))
	line("borg create, no compression, + sync", "%v, %s", borg, version(ctx, "borg", "--version"))
	against("jurat / (dgst + GCM)", ratios(jurat, both), "at most 1.2")
	line("jurat's peak memory", "%d MiB, target at most 96", rss)
	return nil
}

// backup times a backup program over a file, in a repository of its own; 0 when
// it is not installed.
func (s setup) backup(ctx context.Context, name, file string) (float64, error) {
	if !have(name) {
		return 0, nil
	}
	repo := filepath.Join(s.dir, name)
	defer os.RemoveAll(repo)
	env := []string{"RESTIC_PASSWORD=bench", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes", "BORG_PASSPHRASE=bench", "HOME=" + s.dir}
	initial := []string{"restic", "init", "--repo", repo}
	work := "restic backup --no-cache --quiet --repo " + repo + " " + file + " && sync " + repo
	if name == "borg" {
		initial = []string{"borg", "init", "--encryption=repokey", repo}
		work = "borg create --compression none " + repo + "::one " + file + " && sync " + repo
	}
	if _, _, _, err := run(ctx, env, initial[0], initial[1:]...); err != nil {
		return 0, err
	}
	t, _, _, err := run(ctx, env, "sh", "-c", work)
	return t, err
}

// photos is row 2.
func photos(ctx context.Context, s setup) error {
	head("2", fmt.Sprintf("receive %d photos of 200 KiB", s.photos))
	from := filepath.Join(s.dir, "photos")
	if err := os.Mkdir(from, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(from)
	args := []string{}
	for i := range s.photos {
		name := filepath.Join(from, fmt.Sprintf("%05d.jpg", i))
		if err := noise(name, 200<<10); err != nil {
			return err
		}
		args = append(args, name)
	}
	var jurat, copied series
	for range s.rounds {
		to := filepath.Join(s.dir, "copy")
		t, _, _, err := run(ctx, nil, "sh", "-c", "cp -r "+from+" "+to+" && sync && find "+from+" -type f -print0 | xargs -0 cat | openssl dgst -sha256")
		if err != nil {
			return err
		}
		copied = append(copied, t)
		if err := os.RemoveAll(to); err != nil {
			return err
		}
		dir, in, err := s.record(ctx, "record-2")
		if err != nil {
			return err
		}
		t, _, out, err := run(ctx, nil, s.jurat, append([]string{"--dir", dir, "--json", "receive", "--incident", in, "--kind", "photo"}, args...)...)
		if err != nil {
			return err
		}
		if n := strings.Count(string(out), "\n"); n != s.photos {
			return fmt.Errorf("%d lines for %d photos", n, s.photos)
		}
		jurat = append(jurat, t)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	line("jurat receive", "%v", jurat)
	line("cp -r; sync; one openssl dgst over all", "%v", copied)
	against("jurat / (cp + sync + dgst)", ratios(jurat, copied), "at most 1.2")
	return nil
}
