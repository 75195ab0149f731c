package import Identity
import Ledger
package import Replication
package import Store
import Synchronization

/// Judges certificate chains for history by the deployment's roots.
package final class DeploymentKeyJudge: KeyJudge {
  private let roots: Mutex<TrustRoots>

  package init(roots: TrustRoots) { self.roots = Mutex(roots) }

  /// Judges by other roots from here on. What was judged before stays as it is.
  package func replace(with roots: TrustRoots) { self.roots.withLock { $0 = roots } }

  package func judge(_ chain: Replication.CertificateChain) throws -> JudgedKey {
    switch roots.withLock({ $0 }).judge(chain: chain) {
    case .refused(let refusal): throw refusal
    case .certified(let certified):
      return JudgedKey(
        key: KeyName(of: certified.publicKey), publicKey: certified.publicKey,
        region: certified.name.region, tier: certified.name.tier)
    }
  }
}
