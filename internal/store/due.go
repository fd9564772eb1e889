package store

import "context"

// CountDue counts the jobs of open groups whose time has come, up to most.
func (s *Store) CountDue(ctx context.Context, most int) (int, error) {
	groups := s.read.NewSelect().Table("job_groups").Column("id").Where("status IN (?, ?)", GroupScheduling, GroupExecuting)
	var due []int
	err := s.read.NewSelect().Table("jobs").ColumnExpr("1").
		Where("status = 'Scheduling'"). // As the index has it.
		Where("group_id IN (?)", groups).Where("next_at <= ?", s.now()).Limit(most).Scan(ctx, &due)
	return len(due), err
}
