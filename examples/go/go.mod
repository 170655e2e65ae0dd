module palette-backup-go

go 1.25

require (
	github.com/palette-backup-provider/palette-backup-provider/sdk/go/palettebackup v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

replace github.com/palette-backup-provider/palette-backup-provider/sdk/go/palettebackup => ./sdks/palette-backup
