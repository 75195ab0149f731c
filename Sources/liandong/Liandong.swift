import ArgumentParser

/// The root of the command line.
struct Liandong: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "liandong",
    abstract: Text.rootAbstract.help,
    discussion: Text.rootDiscussion.help,
    version: Version.current,
    subcommands: [
      TopologyCommands.self, CertificateAuthorityCommands.self, CertificateCommands.self,
      ConfigurationCommands.self, ProvisionCommand.self,
      ProcessCommands.self, DutyCommands.self, LeadCommands.self, DirectiveCommands.self,
      EvidenceCommands.self, WarningCommands.self, SupervisionCommands.self,
      ConflictCommands.self, AccountCommands.self, ShiftCommands.self,
      ImportCommands.self,
      StatusCommand.self, WaitingCommands.self, OriginCommands.self, VerifyCommand.self,
      RebuildCommand.self, BackupCommands.self, NodeCommand.self,
      ServeCommand.self, SyncCommand.self, DemoCommand.self,
      SimulateCommand.self,
    ])
}
