//! Nesting: items that need parts that need such items again, one or more for each, wait for ever, however few of them come:
//! parts are made at once, and not after their whole is done.

use super::work::targets;
use kernel::units::KindId;
use model::compile_context::CompileContext;
use model::compiled_plan::CompiledPlan;
use model::plan::Holder;

/// Rounds over which a number of descendants is added up, twice: where it does not shrink, it never ends.
const ROUNDS: usize = 256;

/// Says which stage's parts never end: those that lead to their own kind again, one or more for each on average.
pub fn check(plan: &CompiledPlan, ctx: &mut CompileContext<'_>) {
    let brings = Brings::of(plan);
    for (at, stage) in plan.stages.iter().enumerate() {
        let Holder::Parts(parts) = &stage.holder else { continue };
        let passed_by = |kind: &usize| {
            let route = plan.kinds[*kind].route.iter().flat_map(targets);
            let mut chances = route.filter(|(stage, _)| stage.at() == at).map(|(_, chance)| chance);
            chances.any(|chance| chance > 0.0)
        };
        let whole = (0..plan.kinds.len()).filter(passed_by).find(|whole| {
            let needed = parts.parts.iter().filter(|part| part.chance > 0.0 && part.count.mean() > 0.0);
            needed
                .map(|part| part.kind.at())
                .any(|part| brings.leads(part, *whole) && brings.never_ends(*whole))
        });
        if let Some(whole) = whole {
            let name = &plan.kinds[whole].name;
            let message = format!("`{name}` needs parts that bring forth `{name}` again: that never ends");
            ctx.problems.error(format!("stage.{}.parts", stage.name), message).help(
                "leave the part out, or give it a chance small enough that less than one comes of each",
            );
        }
    }
}

/// How many items of each kind an item of each kind brings forth on average: its parts, and what comes after it.
struct Brings {
    kinds: usize,
    /// Row by row: whose, then of which.
    means: Vec<f64>,
}

impl Brings {
    fn of(plan: &CompiledPlan) -> Brings {
        let kinds = plan.kinds.len();
        let mut brings = Brings { kinds, means: vec![0.0; kinds * kinds] };
        for (at, kind) in plan.kinds.iter().enumerate() {
            for (stage, chance) in kind.route.iter().flat_map(targets) {
                let Holder::Parts(parts) = &plan.stages[stage.at()].holder else { continue };
                for part in &parts.parts {
                    brings.add(at, part.kind, chance * part.chance * part.count.mean());
                }
            }
        }
        for aftermath in plan.params.demand.iter().flat_map(|demand| &demand.aftermaths) {
            for after in &aftermath.after {
                brings.add(
                    after.at(),
                    aftermath.kind,
                    aftermath.mean(&plan.kinds[after.at()], &plan.failure),
                );
            }
        }
        brings
    }

    fn add(&mut self, from: usize, to: KindId, mean: f64) {
        self.means[from * self.kinds + to.at()] += mean;
    }

    /// The kinds that one kind leads to, itself only if it leads there again.
    fn reached(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.kinds];
        let mut next = vec![from];
        while let Some(at) = next.pop() {
            let means = &self.means[at * self.kinds..(at + 1) * self.kinds];
            for (to, reached) in reached.iter_mut().enumerate() {
                if means[to] > 0.0 && !std::mem::replace(reached, true) {
                    next.push(to);
                }
            }
        }
        reached
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        from == to || self.reached(from)[to]
    }

    /// Whether the descendants of one item, among the kinds that lead back to its own, do not become fewer.
    fn never_ends(&self, kind: usize) -> bool {
        let reached = self.reached(kind);
        let within: Vec<usize> = (0..self.kinds).filter(|at| reached[*at] && self.leads(*at, kind)).collect();
        let mut now = vec![0.0; self.kinds];
        now[kind] = 1.0;
        let mut sum = || {
            let mut sum = 0.0;
            for _ in 0..ROUNDS {
                let mut next = vec![0.0; self.kinds];
                for from in &within {
                    for to in &within {
                        next[*to] += now[*from] * self.means[from * self.kinds + to];
                    }
                }
                sum += next.iter().sum::<f64>();
                now = next;
            }
            sum
        };
        let (first, second) = (sum(), sum());
        // Sums beyond all numbers do not become fewer either.
        first > 0.0 && (second.is_nan() || second >= first * (1.0 - 1e-6))
    }
}
