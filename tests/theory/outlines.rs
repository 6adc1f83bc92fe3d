//! Outlines: of an initiative that nobody has begun only the first item is there, and nothing that is measured shows it.

use super::support::written;
use orgsim::experiment::replicate::replicate;
use orgsim::experiment::run::{RunOptions, run};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::units::{Instant, Ticks};

/// Everything that replications of all policies come to, to the last bit.
fn outcomes(text: &str) -> Vec<String> {
    let study = written(text);
    let rows = run(&study, &[0, 1, 2], &RunOptions::to_the_end(Some(2)));
    let runs = rows.expect("threads").into_iter().flat_map(|row| row.runs);
    runs.map(|run| format!("{:?}", run.expect("a replication"))).collect()
}

/// Whoever may give up at a stage has to be there to do so; so a patience that nobody ever loses has all items there from the
/// first, and moves nothing.
fn shows_nothing(preset: &str, more: &str) {
    let common = format!("extends = \"{preset}\"\nhorizon = \"1 year\"\npast = \"2 quarters\"\n{more}");
    let [outlined, there] =
        ["", "[stage]\nclarify.patience = \"100 years\"\nbuild.patience = \"100 years\"\n"]
            .map(|patience| outcomes(&(common.clone() + patience)));
    for (nth, (outlined, there)) in outlined.iter().zip(&there).enumerate() {
        assert!(outlined == there, "{preset}, run {nth}\n{more}");
    }
}

const LEVERS: &str = "
[policy.base]
baseline = true
[policy.clarify]
\"stage.clarify.applies_to.decision\" = \"any\"
[policy.shortest]
\"team.*.order\" = \"shortest\"
[policy.random]
\"team.*.order\" = \"random\"
[policy.loudest]
\"team.*.order\" = \"loudest\"
[policy.first]
\"team.*.order\" = \"first-come\"
[policy.small]
\"work.feature.size.lognormal.mean\" = \"0.5 days\"
[policy.few]
\"team.*.wip.initiatives\" = 1
[policy.more]
\"team.Product.engineers\" = 9
[policy.decisions]
\"decisions.misjudged\" = \"30%\"
[policy.urgent]
\"work.feature.preempts\" = \"resume\"
[policy.killing]
\"priorities.kill_below\" = \"60%\"
";

#[test]
fn an_outline_moves_no_bit_under_any_policy() {
    shows_nothing("typical", LEVERS);
}

#[test]
fn an_outline_moves_no_bit_where_work_is_refused_promised_or_killed() {
    shows_nothing("typical", "[work.feature]\nwhen_full = \"refuse\"\n");
    shows_nothing("roadmap", "");
    shows_nothing("learning", "[learning]\nkill_below = 0.8\ndouble_above = 1.2\n");
}

#[test]
fn an_outline_moves_no_bit_in_a_reorganisation() {
    let other = "[migration]\ntakes = \"1 quarter\"\nlost = \"20%\"\n[policy.base]\nbaseline = true\n\
        [policy.later]\nafter.\"1 quarter\".organisation = \"stream-aligned\"\n\
        [policy.now]\norganisation = \"stream-aligned\"\n";
    shows_nothing("silos", other);
}

/// For an instant there may be more items than a replication may hold, until those too many are refused. What was still to
/// come is left out then, so such a replication ends: it does not go on without.
#[test]
fn a_replication_that_comes_near_its_limit_ends_or_is_what_it_would_have_been() {
    let outcome = |limit: u64| {
        let text = format!(
            "extends = \"typical\"\nhorizon = \"1 quarter\"\npast = \"none\"\npopulation_limit = {limit}\n\
             [work.feature]\nbacklog = 40\nbacklog_limit = 5\n"
        );
        let study = written(&text);
        replicate(&study, 3).remove(0).ok().map(|outcome| format!("{outcome:?}"))
    };
    let whole = outcome(1_000_000).expect("no overrun");
    let found: Vec<bool> =
        (1_300..3_100).step_by(10).filter_map(outcome).map(|outcome| outcome == whole).collect();
    assert!((20..170).contains(&found.len()), "{} of 180 limits are wide enough", found.len());
    assert!(found.iter().all(|is_same| *is_same), "{found:?}");
}

/// Some hundred items wait in each team, and of each initiative those are there that somebody may take, and one more: what a
/// replication takes does not grow with what is wanted of it.
#[test]
fn of_what_waits_only_the_first_items_are_there() {
    let teams: String =
        (0..20).map(|nth| format!("[[team]]\nname = \"team {nth}\"\nengineers = 7\n")).collect();
    let study = written(&format!("extends = \"typical\"\nhorizon = \"1 year\"\npast = \"0 days\"\n{teams}"));
    let mut replication = Replication::begin(&study.timelines[0].phases[0].1, Streams::new(7, 0));
    for quarter in 0..4 {
        let end = Instant::START + Ticks::from_hours(500.0 * f64::from(quarter));
        replication.run_until(end, &mut ()).expect("no overrun");
        let org = &replication.ctx.org;
        let (there, all) = (org.items.len() as f64 / 20.0, org.population() as f64 / 20.0);
        assert!(all > 400.0, "{all} items for each team");
        assert!(there < 100.0, "{there} items of {all} are there for each team after {quarter} quarters");
        let of_initiatives = org.items.iter().filter(|(_, item)| item.initiative.is_some());
        let untaken = of_initiatives.filter(|(_, item)| item.taken.is_none()).count();
        // Three seats and the next in each that is begun, and the first of each that is not.
        let begun = org.initiatives.iter().filter(|(_, it)| it.active).count();
        let most = 4 * begun + (org.initiatives.iter().count() - begun);
        assert!(untaken <= most, "{untaken} items that nobody has taken are there, and {most} may be");
    }
}
