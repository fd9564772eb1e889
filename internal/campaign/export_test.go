package campaign_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
)

// shelf is where files are kept in memory.
type shelf struct {
	files map[string][]byte
	n     int
	keep  func() error // Called before a file is kept; nil: nothing is.
}

func (s *shelf) Keep(_ context.Context, _, _ string, data []byte) (string, error) {
	if s.keep != nil {
		if err := s.keep(); err != nil {
			return "", err
		}
	}
	s.n++
	id := fmt.Sprint("file-", s.n)
	s.files[id] = data
	return id, nil
}

func (s *shelf) Bytes(_ context.Context, id string) ([]byte, error) { return s.files[id], nil }

func (s *shelf) Discard(_ context.Context, id string) error {
	delete(s.files, id)
	return nil
}

func (s *shelf) Download(_ context.Context, id string) (name, url string, err error) {
	return id, "https://files.example/" + id, nil
}

// exporter is a server that exports, in a world whose time passes with every step.
func (w *world) exporter(files *shelf, now func() time.Time) *campaign.Campaigns {
	w.t.Helper()
	c, err := campaign.New(campaign.Options{Store: w.store, Gateway: w, Now: now, Zone: shanghai, Files: files})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// exported holds what an export is in the end against the jobs that were there
// when it began.
func (w *world) exported(c *campaign.Campaigns, files *shelf, id string, jobs int) {
	w.t.Helper()
	transfer, _, err := c.Exported(w.t.Context(), "inst", id)
	if err != nil || transfer.Status != store.TransferDone || transfer.Total != int64(jobs) || transfer.Done != int64(jobs) {
		w.t.Fatalf("the export is %+v: %v", transfer, err)
	}
	if len(files.files) != 1 {
		w.t.Errorf("%d files are kept", len(files.files))
	}
	book, err := excelize.OpenReader(bytes.NewReader(files.files[transfer.FileID]))
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		w.t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		seen[row[0]] = true
	}
	if len(rows) != jobs+1 || len(seen) != jobs {
		w.t.Errorf("it has %d rows, of %d jobs, want %d", len(rows)-1, len(seen), jobs)
	}
}

// Jobs that come while their group is exported neither repeat others nor hide
// them.
func TestJobsComeDuringAnExport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const jobs = 301
		g := w.group(jobs)
		files := &shelf{files: map[string][]byte{}}
		steps := 0
		c := w.exporter(files, func() time.Time {
			if steps++; steps > 2 { // It has begun.
				w.mu.Lock()
				w.now = w.now.Add(time.Second)
				w.mu.Unlock()
				w.assigned(g, rule{}, [][]string{{"1"}, {"2"}, {"3"}})
			}
			return w.clock()
		})
		id, err := c.Export(t.Context(), "inst", g.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Transfer(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.exported(c, files, id, jobs)
	})
}

// An export that a server left half way begins anew; one that two servers are at
// is finished by one of them, and the file of the other is not kept.
func TestAnExportIsTakenOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const jobs = 201
		g := w.group(jobs)
		files := &shelf{files: map[string][]byte{}}
		c := w.exporter(files, w.clock)
		again := func() {
			t.Helper()
			w.mu.Lock()
			w.now = w.now.Add(2 * time.Minute)
			w.mu.Unlock()
			if took, err := c.Transfer(t.Context()); err != nil || !took {
				t.Fatal(took, err)
			}
		}
		id, err := c.Export(t.Context(), "inst", g.ID)
		if err != nil {
			t.Fatal(err)
		}
		full := errors.New("the disk is full")
		files.keep = func() error { return full }
		if _, err := c.Transfer(t.Context()); !errors.Is(err, full) {
			t.Fatal(err)
		}
		files.keep = func() error { // Slowly, so that another server takes it over.
			files.keep = nil
			again()
			return nil
		}
		again()
		w.exported(c, files, id, jobs)
	})
}
