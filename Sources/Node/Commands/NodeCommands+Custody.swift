import Glibc
import Identity
import Regions
import Store

extension NodeCommands {
  /// Writes a lead's custody file (证据链档案), which a third party verifies without this program, and
  /// signs the list of its files.
  ///
  /// - Throws: `CommandError` of exit 77 where something stands at the path, of exit 65 for a lead that
  ///   is not here or evidence that is damaged; `EvidenceError`, `StoreError`.
  package func exportLead(_ arguments: LeadExportArguments) async throws -> LeadExportAnswer {
    try await offload { [self] cancellation in
      let told = try toldLead(arguments.lead)
      func records(in commands: NodeCommands) -> [StoryRecord] {
        commands.records(of: told, longestText: CustodyExport.storyCharacters)
      }
      let export = CustodyExport(
        told: told, core: core, folder: try EvidenceFolder.open(in: home),
        credentials: try core.credentials.load(),
        records: (
          records(in: NodeCommands(core: core, home: home, language: .zh)),
          records(in: NodeCommands(core: core, home: home, language: .en))
        ),
        cancellation: cancellation)
      let file = try EvidencePaths.target(arguments.path)
      do {
        let answer = try export.write(to: file, at: arguments.path)
        try Store.synchronise(EvidencePaths.folder(arguments.path))
        return answer
      } catch {
        unlink(arguments.path)
        throw error
      }
    }
  }
}
