package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/talkgraph/talkgraph/internal/store"
)

func TestCampaignPlan(t *testing.T) {
	data := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{File: filepath.Join(data, store.FileName), Now: time.Now, Lax: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateInstance(t.Context(), store.Instance{ID: "inst", Name: "inst", MaxCalls: 10}); err != nil {
		t.Fatal(err)
	}
	g := &store.JobGroup{InstanceID: "inst", Name: "五月回访", Status: store.GroupDraft}
	if err := s.AddJobGroup(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	jobs := []store.Job{
		{Status: store.JobDrafted, Contacts: []store.Contact{{PhoneNumber: "13800000000", State: store.Available}}},
		{Status: store.JobDrafted, Contacts: []store.Contact{{PhoneNumber: "13900000000", State: store.Available}}},
	}
	if err := s.AddJobs(t.Context(), "inst", g.ID, "", jobs); err != nil {
		t.Fatal(err)
	}
	if _, err := s.BlockNumbers(t.Context(), "inst", []store.BlockedNumber{{Number: "13900000000"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	got := execute(nil, "campaign", "plan", "--data", data, g.ID)
	for _, line := range []string{"五月回访  Draft", "2 to be called, 2 numbers", "1 numbers are on the block list; 1 jobs have no other"} {
		if got.code != exitOK || !strings.Contains(got.stdout, line) {
			t.Errorf("%q is missing: %+v", line, got)
		}
	}
	if got := execute(nil, "campaign", "plan", "--data", data, "--json", g.ID); got.code != exitOK || !strings.Contains(got.stdout, `"Blocked":1`) {
		t.Errorf("%+v", got)
	}
	if got := execute(nil, "campaign", "plan", "--data", data, "no-such"); got.code != exitFailed || !strings.Contains(got.stderr, `no job group "no-such"`) {
		t.Errorf("%+v", got)
	}
	if got := execute(nil, "campaign", "plan", "--data", data, "--time-zone", "Mars", g.ID); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}

// The template is a contact list itself, and is never written over another file.
func TestCampaignTemplate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "contacts.xlsx")
	if got := execute(nil, "campaign", "template", file); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(rows) != 2 || rows[0][0] != "phonenumber" || rows[1][1] != "王芳" {
		t.Errorf("%v, %v", rows, err)
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
	if got := execute(nil, "campaign", "template", file); got.code != exitFailed || !strings.Contains(got.stderr, "exists") {
		t.Errorf("over a file that is there: %+v", got)
	}
}
