//! Structural variants of scenarios: organisations whose stages, holders, routes, limits and sources are thrown
//! together at random, and shipped scenarios changed in the same ways.

mod amended;
mod invented;

pub use amended::amended;
pub use invented::invented;

/// One scenario to try: its text, or a file with changes as `--set` takes them.
#[derive(Clone, Debug)]
pub struct Variant {
    pub text: String,
    /// The preset or scenario that `text` came from, for whoever reads a failure.
    pub name: String,
    pub set: Vec<String>,
}

/// A generator of random choices (SplitMix64), so that a variant is known by its number.
pub struct Dice(u64);

impl Dice {
    pub fn new(number: u64) -> Dice {
        Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.word() % bound.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub fn name<'a>(&mut self, from: &'a [String]) -> &'a str {
        &from[self.below(from.len())]
    }
}

/// How long work takes, mostly a sensible time.
const EFFORTS: [&str; 12] = [
    "\"4 hours\"",
    "\"1 hour\"",
    "{ exponential = \"1 day\" }",
    "{ exponential = \"2 hours\" }",
    "{ lognormal = { mean = \"1 day\", cv = 2.0 } }",
    "\"30 minutes\"",
    "\"0 hours\"",
    "\"0 hours\"",
    "\"0.001 seconds\"",
    "\"100 weeks\"",
    "{ mixture = [{ weight = 1, law = \"0 hours\" }, { weight = 1, law = \"2 days\" }] }",
    "{ uniform = { min = \"0 hours\", max = \"3 days\" } }",
];

/// When work comes.
const ARRIVALS: [&str; 15] = [
    "{ poisson = \"1/day\" }",
    "{ poisson = \"3/day\" }",
    "{ poisson = \"0.2/day\" }",
    "{ every = \"1 day\" }",
    "{ every = \"3 hours\" }",
    "{ load = \"90%\" }",
    "{ load = \"300%\" }",
    "{ trace = { times = [\"0 hours\", \"1 day\", \"1 day\", \"4 days\"] } }",
    "{ endless = 3 }",
    "{ endless = 1 }",
    "{ gaps = { exponential = \"0.001 seconds\" } }",
    "{ poisson = \"1000000000/day\" }",
    "{ gaps = { lognormal = { mean = \"1 day\", cv = 1000.0 } } }",
    "\"none\"",
    "{ every = \"2 days\" }",
];

const LIMITS: [&str; 6] = ["1", "1", "2", "3", "8", "\"unlimited\""];

const SHARES: [&str; 8] = ["0%", "10%", "30%", "60%", "90%", "99%", "99.9999999%", "100%"];

/// A share that is rarely extreme.
fn share<'a>(dice: &mut Dice) -> &'a str {
    SHARES[if dice.once_in(6) { dice.below(SHARES.len()) } else { dice.below(4) }]
}

/// A route over these stages: any of them first, last, twice or not at all, some only perhaps.
fn route(dice: &mut Dice, stages: &[String]) -> String {
    let steps: Vec<String> = (0..1 + dice.below(7))
        .map(|_| match dice.below(10) {
            0 => format!("{{ maybe = \"{}\", probability = \"{}\" }}", dice.name(stages), share(dice)),
            1 => {
                let (one, other) = (dice.name(stages), dice.name(stages));
                let other = if one == other { String::new() } else { format!(", {other} = 2") };
                format!("{{ one_of = {{ {one} = 1{other} }} }}")
            }
            _ => format!("\"{}\"", dice.name(stages)),
        })
        .collect();
    format!("[{}]", steps.join(", "))
}

/// Where a stage sends work back to, and how often.
fn failure(dice: &mut Dice, stages: &[String]) -> String {
    let back = if dice.once_in(3) { String::new() } else { format!(", back_to = \"{}\"", dice.name(stages)) };
    let effort = dice.pick(&["", ", effort = \"same\"", ", effort = { share = \"20%\" }", ", first = true"]);
    format!("{{ probability = \"{}\"{back}{effort} }}", share(dice))
}

/// What parts an item waits for.
fn parts(dice: &mut Dice, kinds: &[String], teams: &[String]) -> String {
    let needs: Vec<String> = (0..1 + dice.below(3))
        .map(|_| {
            let team = match dice.below(3) {
                0 => "own".to_owned(),
                1 => "others".to_owned(),
                _ => dice.name(teams).to_owned(),
            };
            let count =
                dice.pick(&["", ", count = 2", ", count = { poisson = { mean = 1.5 } }", ", count = 90"]);
            let size = dice.pick(&["", ", share = \"30%\""]);
            format!(
                "{{ work = \"{}\", team = \"{team}\", chance = \"{}\"{count}{size} }}",
                dice.name(kinds),
                share(dice)
            )
        })
        .collect();
    let order = dice.pick(&["", "in_order = true, ", "predecessor = \"50%\", "]);
    format!("{{ {order}need = [{}] }}", needs.join(", "))
}

/// Who holds work at a stage, as the keys of its table.
fn holder(dice: &mut Dice, kinds: &[String], teams: &[String], gates: &[String]) -> String {
    match dice.below(13) {
        0..=3 => "team = \"own\"".to_owned(),
        4 => format!("team = \"{}\"", dice.name(teams)),
        5 => "review = {}".to_owned(),
        6 => format!("review = {{ pick_up = \"{}\" }}", dice.pick(&["at-once", "at-breaks", "when-idle"])),
        7 => format!(
            "machine = {{ run = {}, runners = {}, flaky = \"{}\" }}",
            EFFORTS[dice.below(EFFORTS.len())],
            LIMITS[dice.below(LIMITS.len())],
            share(dice)
        ),
        8 | 9 if !gates.is_empty() => format!("gate = \"{}\"", dice.name(gates)),
        8 => "gate = \"none\"".to_owned(),
        9 | 10 => "release = {}".to_owned(),
        11 => format!(
            "release = {{ train = {{ every = \"{}\", inclusive = {} }} }}",
            if dice.once_in(20) { "0.001 seconds" } else { dice.pick(&["2 days", "1 week", "1 day"]) },
            dice.once_in(2)
        ),
        _ => format!("parts = {}", parts(dice, kinds, teams)),
    }
}
