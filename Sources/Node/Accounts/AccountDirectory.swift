package import Casework
package import Ledger
import Regions
import Replication
package import Store

/// One account as a node may rely on it.
package struct HeldAccount: Hashable, Sendable {
  package let id: EntityID
  package let account: Account
  /// Whether everyone who wrote what it says stands, or by a hub-signed tree stood, at or above its
  /// region. What others wrote folds all the same, since the fold knows no tree; such an account must
  /// not be used.
  package let isGenuine: Bool

  /// - Returns: `nil` where the entity is no account, or cannot be folded yet.
  package init?(_ entity: StoredEntity, in reader: StoreReader) throws {
    guard let account = entity.state.flatMap({ Account($0) }) else { return nil }
    let trees = try reader.signedTrees()
    let authors = try reader.authors(of: account.grants, in: entity.id)
    self.id = entity.id
    self.account = account
    self.isGenuine = account.grants.allSatisfy { event in
      authors[event].map { trees.mayWiden($0, [account.region]) } ?? false
    }
  }

  /// Whether the person may log on at a node and act there.
  func mayAct(at region: RegionID) -> Bool {
    isGenuine && account.isActive && account.region == region
  }
}

/// The accounts that a node holds (账号名册): its own, and those of the regions below it.
package struct AccountDirectory: Sendable {
  /// By age, the oldest first.
  package let accounts: [HeldAccount]

  package init(reader: StoreReader) throws {
    accounts = try reader.accountEntities().sorted { $0.id < $1.id }
      .compactMap { try HeldAccount($0, in: reader) }
  }

  /// The account of a name. Where two genuine ones have it, the older one counts everywhere; one that
  /// is not genuine counts only where no other has the name.
  package func account(named name: AccountName) -> HeldAccount? {
    let named = accounts.filter { $0.account.name == name }
    return named.first { $0.isGenuine } ?? named.first
  }
}
