package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Recordings are what a script is spoken by where it is not synthesised.
type Recordings struct {
	Waveforms []Waveform
	Voices    []VoiceConfig // Of the type VoiceWaveform, with their pieces.
}

// Recordings returns the recordings of a script and the texts that are put
// together from them.
func (s *Store) Recordings(ctx context.Context, instance, script string) (*Recordings, error) {
	r := new(Recordings)
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		if err := tx.NewSelect().Model(&r.Waveforms).Where("script_id = ?", script).OrderExpr("id").Scan(ctx); err != nil {
			return err
		}
		err := tx.NewSelect().Model(&r.Voices).Where("script_id = ? AND type = ?", script, VoiceWaveform).OrderExpr("id").Scan(ctx)
		if err != nil {
			return err
		}
		return withPieces(ctx, tx, script, r.Voices)
	})
	return r, err
}

// CountWaveforms returns how many recordings a script has.
func (s *Store) CountWaveforms(ctx context.Context, instance, script string) (int, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return 0, err
	}
	return s.read.NewSelect().Table("waveforms").Where("script_id = ?", script).Count(ctx)
}

// CopyScript is CreateScript for a script that is a copy of another one of its
// instance, with the recordings. They are as old as those they are copies of, so
// that lists keep their order. Their files are then both scripts', and are kept
// as long as one of the two needs them.
func (s *Store) CopyScript(ctx context.Context, source string, d *Draft, r *Recordings) error {
	s.nameScript(d)
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// A source that is deleted meanwhile could take its files with it.
		if _, err := s.lockScript(ctx, tx, d.Script.InstanceID, source); err != nil {
			return err
		}
		if err := s.createScript(ctx, tx, d); err != nil {
			return err
		}
		return writeRecordings(ctx, tx, d.Script.ID, r)
	})
}

// writeRecordings writes the recordings of a script that has none.
func writeRecordings(ctx context.Context, tx bun.Tx, script string, r *Recordings) error {
	var pieces []VoicePiece
	for i := range r.Waveforms {
		r.Waveforms[i].ScriptID = script
	}
	for i := range r.Voices {
		voice := &r.Voices[i]
		voice.ScriptID = script
		for _, piece := range voice.Pieces {
			piece.ScriptID, piece.ConfigID = script, voice.ID
			pieces = append(pieces, piece)
		}
	}
	if err := insert(ctx, tx, r.Waveforms); err != nil {
		return err
	}
	if err := insert(ctx, tx, r.Voices); err != nil {
		return err
	}
	return insert(ctx, tx, pieces)
}
