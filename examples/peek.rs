use orgsim::experiment::run::{Conduct, run};
use orgsim::scenario::study::{Amendments, Study};
use std::sync::atomic::AtomicBool;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let set: Vec<String> = std::env::args().skip(2).collect();
    let (study, _) = match Study::read(path.as_ref(), &Amendments { set, policies: vec![] }) {
        Ok(ok) => ok,
        Err(r) => {
            println!("{}", orgsim::scenario::render(&r.problems, &r.sources, false));
            return;
        }
    };
    let stop = AtomicBool::new(false);
    let t = std::time::Instant::now();
    let n = study.scenario.replications as u64;
    let reps =
        run(&study, &(0..n).collect::<Vec<_>>(), &Conduct { threads: Some(1), done: &|| {}, stop: &stop })
            .unwrap();
    let dt = t.elapsed().as_secs_f64();
    let mut events = 0;
    for (p, course) in study.courses.iter().enumerate() {
        println!("== {} own_past={}", course.name, course.own_past);
        for (c, col) in study.columns.iter().enumerate() {
            let v: Vec<f64> = reps
                .iter()
                .filter_map(|r| r.lives[p].as_ref().ok())
                .map(|o| o.values[c])
                .filter(|v| !v.is_nan())
                .collect();
            if v.is_empty() {
                continue;
            }
            let m = v.iter().sum::<f64>() / v.len() as f64;
            let s = (v.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (v.len() as f64 - 1.0)).sqrt();
            println!(
                "{:45} {:12.4} ± {:8.4} (n {})",
                col.name,
                m,
                1.96 * s / (v.len() as f64).sqrt(),
                v.len()
            );
        }
        for r in &reps {
            match &r.lives[p] {
                Ok(o) => events += o.events,
                Err(e) => println!("{e}"),
            }
        }
    }
    println!("{events} events in {dt:.2}s, {:.1} ns/event (window only)", dt * 1e9 / events as f64);
}
