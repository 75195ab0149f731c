/// The layer table of the design: which modules a target may import.
///
/// A target that has no row here may not exist; a module that no row names may not be imported. So
/// a new dependency is a decision, made here, and not an accident.
struct LayerTable {
  /// One target's row: module names, where a trailing `*` stands for any ending.
  struct Row {
    let ours: Set<String>
    let others: Set<String>

    func allows(_ module: String) -> Bool {
      ours.contains(module)
        || others.contains { name in
          name.hasSuffix("*") ? module.hasPrefix(name.dropLast()) : module == name
        }
    }
  }

  let rows: [String: Row]

  /// Targets that read no clock, draw no randomness, start no task and do no I/O of their own.
  static let pureTargets: Set<String> = [
    "Regions", "Ledger", "Casework", "Replication", "Intake", "Evidence",
  ]

  static let design = LayerTable(rows: [
    "Regions": Row(ours: [], others: pureStandard.union(["Yams"])),
    "Ledger": Row(ours: ["Regions"], others: pureStandard.union(["Crypto"])),
    "Casework": Row(ours: ["Regions", "Ledger"], others: pureStandard.union(["Yams"])),
    "Replication": Row(ours: ["Regions", "Ledger"], others: pureStandard),
    "Intake": Row(ours: [], others: pureStandard.union(["Foundation", "Glibc"])),
    "Evidence": Row(ours: [], others: pureStandard.union(["Crypto"])),
    "Store": Row(
      ours: ["Regions", "Ledger", "Casework", "Replication"],
      others: standard.union(["GRDB", "GRDBSQLite", "Crypto"])),
    "Identity": Row(ours: ["Regions"], others: standard.union(["X509", "SwiftASN1", "Crypto"])),
    "Wire": Row(
      ours: ["Regions", "Ledger", "Casework", "Replication"],
      others: standard.union(["SwiftProtobuf", "GRPC*", "NIO*"])),
    "Transport": Row(
      ours: ["Wire", "Identity", "Replication"],
      others: standard.union(["SwiftProtobuf", "GRPC*", "NIO*", "ServiceLifecycle", "Logging"])),
    "Node": Row(
      ours: [
        "Regions", "Ledger", "Casework", "Replication", "Intake", "Evidence", "Store", "Identity",
        "Wire", "Transport",
      ],
      others: standard.union([
        "ServiceLifecycle", "UnixSignals", "Logging", "Yams", "Crypto", "CryptoExtras",
        "CAllocator",
      ])),
    "Console": Row(
      ours: ["Node", "Regions", "Ledger", "Casework"],
      others: standard.union(["Hummingbird*"])),
    "Simulation": Row(
      ours: ["Regions", "Ledger", "Casework", "Replication", "Store"],
      others: standard.union(["Crypto"])),
    "liandong": Row(
      ours: [
        "Node", "Console", "Simulation", "Identity", "Regions", "Store", "Ledger", "Casework",
        "Replication", "Intake",
      ],
      others: standard.union(["ArgumentParser", "ServiceLifecycle", "Logging"])),
  ])

  private static let pureStandard: Set<String> = ["FoundationEssentials"]
  private static let standard: Set<String> = [
    "CoreFoundation", "FoundationEssentials", "Foundation", "Synchronization", "Glibc", "Dispatch",
  ]

  /// What is wrong with the imports of one file of `target`; empty when all are allowed.
  func violations(in source: SwiftSource, target: String) -> [Violation] {
    guard let row = rows[target] else {
      return [Violation(line: 1, reason: "the target \(target) has no row in the layer table")]
    }
    return source.imports.compactMap { found in
      guard !row.allows(found.module) else { return nil }
      return Violation(line: found.line, reason: "\(target) may not import \(found.module)")
    }
  }
}

/// One breach of a rule in one file.
struct Violation: Equatable {
  let line: Int
  let reason: String
}
