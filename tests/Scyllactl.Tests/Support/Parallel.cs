// Options are shared by verbs, and a tree of verbs is made for each command line: one at a time, as in a process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
