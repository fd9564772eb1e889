package campaign

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
)

// The template is read as the contact list that it shows.
func TestTemplate(t *testing.T) {
	var file bytes.Buffer
	if err := WriteTemplate(&file); err != nil {
		t.Fatal(err)
	}
	if n, err := checkSheet(file.Bytes()); n != 1 || err != nil {
		t.Errorf("%d jobs, %v", n, err)
	}
	var jobs []store.Job
	err := readSheet(file.Bytes(), func(row int, job store.Job, wrong string) error {
		if wrong != "" {
			t.Errorf("row %d: %s", row, wrong)
		}
		jobs = append(jobs, job)
		return nil
	})
	want := []store.Job{{
		ReferenceID: "crm-7", Extras: `[{"key":"amount","value":"1280"}]`,
		Contacts: []store.Contact{{PhoneNumber: "13800000000", Name: "王芳", Honorific: "女士", ReferenceID: "crm-7", State: store.Available}},
	}}
	if diff := cmp.Diff(want, jobs); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestSheetError(t *testing.T) {
	var e SheetError
	for row := range mostProblems + 3 {
		e.add("Row %d: no.", row+2)
	}
	if len(e.Rows) != mostProblems || e.More != 3 || e.Rows[0] != "Row 2: no." {
		t.Errorf("%d rows and %d more", len(e.Rows), e.More)
	}
	if _, err := checkSheet([]byte("not a workbook")); err == nil || err.Error() != "The file is no .xlsx workbook that can be read." {
		t.Errorf("got %v", err)
	}
}

func TestParseJobs(t *testing.T) {
	for name, test := range map[string]struct {
		texts []string
		want  int
		wrong bool
	}{
		"one":              {[]string{`{"contacts":[{"phonenumber":"138 0000-0000"}]}`}, 1, false},
		"an array":         {[]string{`[{"contacts":[{"phonenumber":"138"}]},{"contacts":[{"phonenumber":"139"}]}]`}, 2, false},
		"several":          {[]string{`{"contacts":[{"phonenumber":"138"}]}`, `{"contacts":[{"phonenumber":"+8613800000000"}]}`}, 2, false},
		"no contact":       {[]string{`{"contacts":[]}`}, 0, true},
		"no number":        {[]string{`{"contacts":[{"name":"王芳"}]}`}, 0, true},
		"letters":          {[]string{`{"contacts":[{"phonenumber":"one"}]}`}, 0, true},
		"an extra unnamed": {[]string{`{"contacts":[{"phonenumber":"138"}],"extras":[{"value":"1"}]}`}, 0, true},
		"no JSON":          {[]string{`13800000000`}, 0, true},
		"the last wrong":   {[]string{`{"contacts":[{"phonenumber":"138"}]}`, `{}`}, 0, true},
	} {
		jobs, err := ParseJobs("JobsJson", test.texts)
		if len(jobs) != test.want || (err != nil) != test.wrong {
			t.Errorf("%s: %d jobs, %v", name, len(jobs), err)
		}
	}
}

// Whatever a client sends as a job or a strategy is read or refused.
func FuzzRosterAndStrategy(f *testing.F) {
	f.Add(`{"contacts":[{"phonenumber":"138","name":"王芳"}],"extras":[{"key":"a","value":"b"}]}`)
	f.Add(`{"maxAttemptsPerDay":2,"workingTime":[{"beginTime":"09:00:00","endTime":"24:00"}],"repeatBy":"week","repeatDays":[1,"2"],"endTime":1777996800000}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, text string) {
		if jobs, err := ParseJobs("JobsJson", []string{text}); err == nil {
			for i := range jobs {
				if len(jobs[i].Contacts) == 0 {
					t.Error("a job without a contact")
				}
				Variables(&jobs[i], 0)
			}
		}
		if s, err := ParseStrategy(text); err == nil && (s.MaxAttemptsPerDay < 1 || s.MinAttemptInterval < 0) {
			t.Errorf("%+v", s)
		}
		_, _ = parseBlocked(text)
	})
}
