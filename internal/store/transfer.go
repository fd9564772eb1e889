package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
)

// Transfer is a file on its way into a job group, or out of it.
type Transfer struct {
	bun.BaseModel `bun:"table:transfers"`

	ID          string `bun:",pk"`
	InstanceID  string
	GroupID     string
	Direction   string // TransferIn or TransferOut.
	FileID      string // Out: of the file that was made, once it is done.
	Assignment  string // In: strategy and numbers of the jobs, as JSON.
	Submit      bool   // In: whether the group dials when all is there.
	Status      string
	Problem     string // Why it failed.
	Total       int64  // Rows; 0 until they are counted.
	Done        int64  // Rows that are through.
	LeasedUntil int64
	CreatedAt   int64
}

// The directions and the states of a transfer.
const (
	TransferIn      = "in"
	TransferOut     = "out"
	TransferWaiting = "Waiting"
	TransferDone    = "Done"
	TransferFailed  = "Failed"
)

// AddTransfer adds a transfer that a server is to take up. One into a group that
// takes no more jobs is an InvalidError.
func (s *Store) AddTransfer(ctx context.Context, t *Transfer) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, t.InstanceID); err != nil {
			return err
		}
		g, err := s.holdGroup(ctx, tx, toChange, t.InstanceID, t.GroupID)
		if err != nil {
			return err
		}
		if t.Direction == TransferIn {
			if _, err := incoming(g.Status); err != nil {
				return err
			}
		}
		if err := s.addTransfer(ctx, tx, t); err != nil {
			return err
		}
		return s.follow(ctx, tx, []string{g.ID})
	})
}

func (s *Store) addTransfer(ctx context.Context, tx bun.Tx, t *Transfer) error {
	t.ID, t.Status, t.CreatedAt = s.o.NewID(), TransferWaiting, s.now()
	if _, err := tx.NewInsert().Model(t).Exec(ctx); err != nil || t.Direction == TransferOut {
		return err
	}
	_, err := tx.NewUpdate().Table("job_groups").Set("parsing_task_id = ?", t.ID).Where("id = ?", t.GroupID).Exec(ctx)
	return err
}

// AddJobGroupFrom makes a group whose jobs come from a file.
func (s *Store) AddJobGroupFrom(ctx context.Context, g *JobGroup, t *Transfer) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, g.InstanceID); err != nil {
			return err
		}
		if err := s.addGroup(ctx, tx, g); err != nil {
			return err
		}
		t.InstanceID, t.GroupID = g.InstanceID, g.ID
		return s.addTransfer(ctx, tx, t)
	})
}

// Transfer returns a transfer of an instance.
func (s *Store) Transfer(ctx context.Context, instance, id string) (*Transfer, error) {
	t := new(Transfer)
	err := s.read.NewSelect().Model(t).Where("id = ? AND instance_id = ?", id, instance).Scan(ctx)
	if err = within(ctx, s.read, instance, found("Task", err)); err != nil {
		return nil, err
	}
	return t, nil
}

// LastTransfer returns the newest transfer of a group in a direction, nil for none.
func (s *Store) LastTransfer(ctx context.Context, group, direction string) (*Transfer, error) {
	t := new(Transfer)
	err := s.read.NewSelect().Model(t).Where("group_id = ? AND direction = ?", group, direction).
		OrderExpr("created_at DESC, id").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return t, err
}

// LeaseTransfer takes the oldest transfer that no server has, until the time
// given; nil when there is none.
func (s *Store) LeaseTransfer(ctx context.Context, until int64) (*Transfer, error) {
	t := new(Transfer)
	free := s.write.NewSelect().Table("transfers").Column("id").
		Where("status = ? AND leased_until < ?", TransferWaiting, s.now()).OrderExpr("created_at, id").Limit(1)
	if s.postgres {
		free.For("UPDATE SKIP LOCKED")
	}
	err := s.write.NewUpdate().Model(t).Set("leased_until = ?", until).Where("id IN (?)", free).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return t, err
}

// ErrLost says that another server has taken over what one was at.
var ErrLost = errors.New("store: another server has taken this over")

// Step writes down how far a transfer has come, with the jobs that it brings
// now. It returns ErrLost, and writes nothing, when it has come further already,
// or was deleted with its group.
func (s *Store) Step(ctx context.Context, t *Transfer, from int64, jobs []Job) error {
	how := toKeep
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if t.Direction == TransferOut {
			return s.keepTransfer(ctx, tx, t, from)
		}
		last := t.Status != TransferWaiting
		if last { // Then jobs that wait may change, not only be added.
			if err := s.holdInstance(ctx, tx, t.InstanceID); err != nil {
				return err
			}
		}
		g, err := s.holdGroup(ctx, tx, how, t.InstanceID, t.GroupID)
		if err != nil {
			return err
		}
		how = toChange // As in AddJobs.
		if err := s.bring(ctx, tx, g, t, jobs); err != nil {
			return err
		}
		if err := s.lock(ctx, tx, "job_groups", toChange, g.ID); err != nil {
			return err
		}
		if err := s.keepTransfer(ctx, tx, t, from); err != nil {
			return err
		}
		if last && g.Status == GroupDraft {
			if err := s.afterLast(ctx, tx, t); err != nil {
				return err
			}
		}
		return s.follow(ctx, tx, []string{g.ID})
	})
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return ErrLost
	}
	return err
}

// bring adds the jobs of a step to a group. Those of a draft that is to dial are
// ready at once: that it is a draft until all are there keeps them from being
// called.
func (s *Store) bring(ctx context.Context, tx bun.Tx, g *JobGroup, t *Transfer, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	state, err := incoming(g.Status)
	if err != nil {
		return err
	}
	if g.Status == GroupDraft && t.Submit {
		state = JobScheduling
	}
	if err := s.addJobs(ctx, tx, g, g.StrategyID, state, jobs); err != nil {
		return err
	}
	return s.unmoved(ctx, tx, g)
}

func (s *Store) keepTransfer(ctx context.Context, tx bun.Tx, t *Transfer, from int64) error {
	result, err := tx.NewUpdate().Model(t).Column("total", "done", "leased_until", "status", "problem", "file_id").
		WherePK().Where("status = ? AND done = ?", TransferWaiting, from).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrLost, err)
	}
	return nil
}

// afterLast lets a draft dial when all its jobs are there, or fail with the file
// they were to come from.
func (s *Store) afterLast(ctx context.Context, tx bun.Tx, t *Transfer) error {
	if t.Status == TransferFailed {
		return s.setStatus(ctx, tx, t.GroupID, GroupFailed)
	}
	submitted, err := tx.NewSelect().Table("transfers").Where("id = ? AND submit", t.ID).Exists(ctx)
	if err != nil || !submitted { // It may have been submitted meanwhile.
		return err
	}
	_, err = tx.NewUpdate().Table("jobs").Set("status = ?", JobScheduling).
		Where("group_id = ? AND status = ?", t.GroupID, JobDrafted).Exec(ctx)
	if err != nil {
		return err
	}
	return s.setStatus(ctx, tx, t.GroupID, GroupScheduling)
}

// submitLater lets a group whose jobs are on their way be dialled when all are
// there, and reports whether some are.
func submitLater(ctx context.Context, tx bun.Tx, group string) (bool, error) {
	result, err := tx.NewUpdate().Table("transfers").Set("submit = ?", true).
		Where("group_id = ? AND direction = ? AND status = ?", group, TransferIn, TransferWaiting).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
