package store

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// standing is what the state of a group depends on: the one it is in, and in
// which states there are jobs of it.
type standing struct {
	ID        string
	Status    string
	StartedAt int64

	Drafted, Scheduling, Executing, Paused bool
	Succeeded, Failed, Cancelled           bool
	Arriving                               bool // More jobs are on their way, from a file.
}

// becomes is the state that a group is in that stands so. Whatever changes the
// state of jobs asks it, see follow; besides it a group changes only when it is
// submitted, or stopped for good.
func (g *standing) becomes() string {
	open := g.Drafted || g.Scheduling || g.Executing || g.Paused || g.Arriving
	over := g.Succeeded || g.Failed || g.Cancelled
	switch {
	case g.Status == GroupFailed:
		return GroupFailed
	case !open && g.Cancelled && !g.Succeeded:
		return GroupCancelled
	case g.Status == GroupDraft:
		return GroupDraft
	case g.Paused && !g.Scheduling: // Calls in progress go on.
		return GroupPaused
	case over && !open:
		return GroupCompleted
	case g.StartedAt > 0:
		return GroupExecuting
	}
	return GroupScheduling
}

// standings returns how groups stand, by id.
func standings(ctx context.Context, tx bun.Tx, groups []string) ([]standing, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	q := tx.NewSelect().Table("job_groups").Column("id", "status", "started_at").
		ColumnExpr("EXISTS (SELECT 1 FROM transfers WHERE group_id = job_groups.id AND direction = ? AND status = ?) AS arriving",
			TransferIn, TransferWaiting).
		Where("id IN (?)", bun.List(groups)).Order("id")
	for _, state := range []string{JobDrafted, JobScheduling, JobExecuting, JobPaused, JobSucceeded, JobFailed, JobCancelled} {
		column := bun.Ident(strings.ToLower(state))
		q.ColumnExpr("EXISTS (SELECT 1 FROM jobs WHERE group_id = job_groups.id AND status = ?) AS ?", state, column)
	}
	var rows []standing
	return rows, q.Scan(ctx, &rows)
}

// follow lets groups that the transaction has locked be what their jobs make of
// them.
func (s *Store) follow(ctx context.Context, tx bun.Tx, groups []string) error {
	rows, err := standings(ctx, tx, groups)
	if err != nil {
		return err
	}
	for i := range rows {
		g := &rows[i]
		if g.becomes() == g.Status {
			continue
		}
		if err := s.setStatus(ctx, tx, g.ID, g.becomes()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) setStatus(ctx context.Context, tx bun.Tx, group, status string) error {
	_, err := tx.NewUpdate().Table("job_groups").Set("status = ?, updated_at = ?", status, s.now()).Where("id = ?", group).Exec(ctx)
	return err
}

// incoming is the state of a job that may be called once it is in a group, or an
// error where the group takes none.
func incoming(group string) (string, error) {
	switch group {
	case GroupFailed, GroupCancelled:
		return "", &InvalidError{"JobGroupId", "It must not be a job group that has failed or was cancelled: make another one."}
	case GroupDraft:
		return JobDrafted, nil
	case GroupPaused: // It is resumed with the others.
		return JobPaused, nil
	}
	return JobScheduling, nil
}
