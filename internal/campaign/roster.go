package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Bounds of a job as it is assigned, in characters where not said otherwise.
const (
	maxContacts = 10 // Numbers of one job.
	maxExtras   = 64 // Variables of one job.
	maxText     = 256
	maxValue    = 1024
)

// person is a job on the wire: somebody to be reached.
type person struct {
	Extras   []Extra `json:"extras"`
	Contacts []struct {
		PhoneNumber string `json:"phonenumber"`
		Name        string `json:"name"`
		ReferenceID string `json:"referenceId"`
		Honorific   string `json:"honorific"`
	} `json:"contacts"`
}

// Extra is a variable of a job.
type Extra struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ParseJobs reads jobs as JobsJson carries them, each text an object or an
// array of objects. The error is a *store.InvalidError that names the
// parameter, the position and what is wrong there.
func ParseJobs(parameter string, texts []string) ([]store.Job, error) {
	var jobs []store.Job
	for i, text := range texts {
		people, err := parsePeople(text)
		if err != nil {
			return nil, &store.InvalidError{Parameter: position(parameter, i, len(texts)),
				Allowed: `It must be a JSON object such as {"contacts":[{"phonenumber":"13800000000","name":"王芳"}],"extras":[{"key":"amount","value":"1280"}]}.`}
		}
		for n := range people {
			job, wrong := people[n].job()
			if wrong != "" {
				return nil, &store.InvalidError{Parameter: position(parameter, i, len(texts)),
					Allowed: fmt.Sprintf("Of job %d: %s", n+1, wrong)}
			}
			jobs = append(jobs, job)
		}
	}
	return jobs, nil
}

// position names one element of a list parameter.
func position(parameter string, i, n int) string {
	if n == 1 {
		return parameter
	}
	return fmt.Sprintf("%s.%d", parameter, i+1)
}

func parsePeople(text string) ([]person, error) {
	raw := bytes.TrimSpace([]byte(text))
	if bytes.HasPrefix(raw, []byte("[")) {
		var people []person
		return people, json.Unmarshal(raw, &people)
	}
	people := make([]person, 1)
	return people, json.Unmarshal(raw, &people[0])
}

// job makes a job of a person, or says what is wrong.
func (p *person) job() (job store.Job, wrong string) {
	switch {
	case len(p.Contacts) == 0:
		return job, "it needs at least one contact."
	case len(p.Contacts) > maxContacts:
		return job, fmt.Sprintf("it may have at most %d contacts.", maxContacts)
	case len(p.Extras) > maxExtras:
		return job, fmt.Sprintf("it may have at most %d extras.", maxExtras)
	}
	for _, c := range p.Contacts {
		number, ok := Number(c.PhoneNumber)
		if !ok {
			return job, "a phonenumber is 3 to 20 digits, which a + may precede."
		}
		if tooLong(maxText, c.Name, c.ReferenceID, c.Honorific) {
			return job, fmt.Sprintf("name, referenceId and honorific may have at most %d characters.", maxText)
		}
		job.Contacts = append(job.Contacts, store.Contact{
			PhoneNumber: number, Name: c.Name, ReferenceID: c.ReferenceID, Honorific: c.Honorific, State: store.Available,
		})
	}
	for _, e := range p.Extras {
		if e.Key == "" || tooLong(maxText, e.Key) || tooLong(maxValue, e.Value) {
			return job, fmt.Sprintf("an extra has a key of at most %d characters and a value of at most %d.", maxText, maxValue)
		}
	}
	if p.Extras == nil {
		p.Extras = []Extra{}
	}
	extras, err := json.Marshal(p.Extras)
	if err != nil {
		return job, "its extras cannot be written down."
	}
	job.Extras, job.ReferenceID = string(extras), job.Contacts[0].ReferenceID
	return job, ""
}

func tooLong(most int, texts ...string) bool {
	for _, text := range texts {
		if len(text) > most && utf8.RuneCountInString(text) > most {
			return true
		}
	}
	return false
}

// Number reads a phone number: blanks, hyphens and brackets that people write
// in one are dropped.
func Number(text string) (string, bool) {
	const fewest, most = 3, 20
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()（）", r) {
			return -1
		}
		return r
	}, text)
	digits := strings.TrimPrefix(number, "+")
	if len(digits) < fewest || len(digits) > most || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return number, true
}

// Variables returns what a call of a job may say of the contact and the job:
// the names that semantics give them, and every extra.
func Variables(j *store.Job, contact int) map[string]string {
	vars := map[string]string{"name": "", "honorific": "", "phonenumber": "", "referenceId": ""}
	for _, e := range Extras(j) {
		vars[e.Key] = e.Value
	}
	if contact < len(j.Contacts) {
		c := &j.Contacts[contact]
		vars["name"], vars["honorific"], vars["phonenumber"], vars["referenceId"] = c.Name, c.Honorific, c.PhoneNumber, c.ReferenceID
	}
	return vars
}

// Extras returns the variables of a job in the order they were given.
func Extras(j *store.Job) []Extra {
	var extras []Extra
	if json.Unmarshal([]byte(j.Extras), &extras) != nil {
		return nil // It was written by us; there is nothing to say of what is not there.
	}
	return extras
}
