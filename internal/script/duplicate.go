package script

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Duplicate copies the draft of a script under a new name, with its recordings,
// and returns the id of the copy. Everything in it has a new id, and names the
// new ids; only the files of the recordings are the same.
func (s *Scripts) Duplicate(ctx context.Context, instance, source, name string) (string, error) {
	d, err := s.store.Draft(ctx, instance, source)
	if err != nil {
		return "", err
	}
	recordings, err := s.store.Recordings(ctx, instance, source)
	if err != nil {
		return "", err
	}
	if err := s.rename(d); err != nil {
		return "", err
	}
	s.renameRecordings(recordings)
	h := Header{Name: name, Industry: d.Script.Industry, Scene: d.Script.Scene, Description: d.Script.Description}
	id, more := d.Script.ID, d.Script.Extra
	d.Script = newScript(instance, h)
	d.Script.ID, d.Script.Extra = id, more
	return id, s.store.CopyScript(ctx, source, d, recordings)
}

// renameRecordings gives recordings, and the texts put together from them, new
// ids. A text is known by what it says, which a copy says too.
func (s *Scripts) renameRecordings(r *store.Recordings) {
	now := make(map[string]string, len(r.Waveforms))
	for i := range r.Waveforms {
		w := &r.Waveforms[i]
		now[w.ID] = s.store.NewID()
		w.ID = now[w.ID]
	}
	for i := range r.Voices {
		voice := &r.Voices[i]
		voice.ID = s.store.NewID()
		for j := range voice.Pieces {
			voice.Pieces[j].WaveformID = now[voice.Pieces[j].WaveformID] // Of a variable there is none.
		}
	}
}

// rename gives everything in a draft a new id.
func (s *Scripts) rename(d *store.Draft) error {
	more, err := extraOf(&d.Script)
	if err != nil {
		return err
	}
	fresh := func(ids map[string]string, id *string) {
		ids[*id] = s.store.NewID()
		*id = ids[*id]
	}
	r := &renaming{
		script: make(map[string]string), flows: make(map[string]string), intents: make(map[string]string),
		questions: make(map[string]string), tags: make(map[string]string),
	}
	fresh(r.script, &d.Script.ID)
	for i := range d.Flows {
		fresh(r.flows, &d.Flows[i].ID)
	}
	for i := range d.Intents {
		fresh(r.intents, &d.Intents[i].ID)
	}
	for i := range d.Questions {
		fresh(r.questions, &d.Questions[i].ID)
	}
	for i := range d.Groups {
		d.Groups[i].ID = s.store.NewID()
	}
	for i := range d.Tags {
		fresh(r.tags, &d.Tags[i].ID)
	}
	for i := range d.Flows {
		d.Flows[i].Definition = r.rewrite(d.Flows[i].Definition)
	}
	more.Flows, more.Intents = renamed(more.Flows, r.flows), renamed(more.Intents, r.intents)
	more.Questions, more.Tags = renamed(more.Questions, r.questions), renamed(more.Tags, r.tags)
	kept, err := marshal(more)
	d.Script.Extra = string(kept)
	return err
}

// renamed returns what is kept by id under the new ids; what belongs to nothing
// any more is left behind.
func renamed(old map[string]members, ids map[string]string) map[string]members {
	more := make(map[string]members, len(old))
	for id, m := range old {
		if now, ok := ids[id]; ok {
			more[now] = m
		}
	}
	return more
}
