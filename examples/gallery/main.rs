//! Draws every chart with made-up numbers, odd ones included, so that changes of layout can be looked at.
//!
//! Run with `cargo run --release --example gallery FOLDER`.

mod breakdowns;
mod made_up;

use breakdowns::*;
use made_up::*;
use orgsim::report::chart::*;
use orgsim::report::files::OutputFolder;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "output/gallery".to_string());
    let folder = OutputFolder::create(path)?;
    let slides: Vec<(&str, Result<Svg, ChartError>)> = vec![
        ("difference", difference(6).draw()),
        ("difference one", difference(1).draw()),
        ("difference none", difference(0).draw()),
        ("difference many", difference(40).draw()),
        ("lever", lever_numeric().draw()),
        ("lever names", lever_names().draw()),
        ("fan", fan(7, 53).draw()),
        ("fan two", fan(2, 27).draw()),
        ("fan many", fan(40, 105).draw()),
        ("cumulative", cumulative(6).draw()),
        ("cumulative one", cumulative(1).draw()),
        ("causes", causes(7, 7).draw()),
        ("causes many", causes(20, 14).draw()),
        ("waterfall", waterfall(24.0).draw()),
        ("waterfall low", waterfall(12.0).draw()),
        ("waterfall high", waterfall(90.0).draw()),
        ("flow", flow().draw()),
        ("flow odd", flow_odd().draw()),
        ("sweep", sweep().draw()),
        ("difference hostile", hostile().draw()),
        ("heat", heat(9, 6, Shading::Sequential).draw()),
        ("heat difference", heat(9, 6, Shading::Diverging(Direction::HigherIsBetter)).draw()),
        ("heat large", heat(60, 45, Shading::Sequential).draw()),
    ];
    for (name, slide) in slides {
        let paths = slide?.save(&folder, name)?;
        println!("{}", paths[1].display());
    }
    Ok(())
}
