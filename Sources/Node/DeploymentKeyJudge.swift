package import Identity
import Ledger
package import Replication
package import Store

/// Judges certificate chains for history by the deployment's roots.
package struct DeploymentKeyJudge: KeyJudge {
  private let roots: TrustRoots

  package init(roots: TrustRoots) { self.roots = roots }

  package func judge(_ chain: Replication.CertificateChain) throws -> JudgedKey {
    switch roots.judge(chain: chain) {
    case .refused(let refusal): throw refusal
    case .certified(let certified):
      return JudgedKey(
        key: KeyName(of: certified.publicKey), publicKey: certified.publicKey,
        region: certified.name.region, tier: certified.name.tier)
    }
  }
}
