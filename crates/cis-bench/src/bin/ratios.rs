//! Compares the benchmarks' medians with the committed baseline, as ratios to the yardstick's in the
//! same run: so machines may differ. Run after `cargo bench`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cis_bench::exit_code;
use cis_bench::family::GROWING;
use serde_json::Value;

const USAGE: &str = "usage: ratios CRITERION_FOLDER BASELINE_FILE [--bless]";

/// The benchmark that the others are compared with.
const YARDSTICK: &str = "yardstick";

/// A ratio this many times its baseline is pointed out.
const SLOWER: f64 = 1.5;

type Ratios = BTreeMap<String, f64>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    exit_code(match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder, baseline] => compare(Path::new(folder), Path::new(baseline)),
        [folder, baseline, "--bless"] => bless(Path::new(folder), Path::new(baseline)),
        _ => Err(USAGE.to_owned()),
    })
}

fn compare(folder: &Path, baseline: &Path) -> Result<(), String> {
    let medians = medians(folder)?;
    let ratios = ratios(&medians)?;
    let text = fs::read_to_string(baseline).map_err(|error| at(baseline, &error))?;
    let before: Ratios = serde_json::from_str(&text).map_err(|error| at(baseline, &error))?;
    println!("{:<34}{:>12}{:>12}{:>12}", "benchmark", "time", "ratio", "baseline");
    for (name, ratio) in &ratios {
        let time = show(medians.get(name).copied().unwrap_or_default());
        let known = before.get(name);
        let note = match known {
            Some(known) if *ratio > known * SLOWER => "  slower",
            Some(known) if *ratio < known / SLOWER => "  faster",
            Some(_) => "",
            None => "  new",
        };
        let known = known.map_or_else(|| "-".to_owned(), |known| format!("{known:.2}"));
        println!("{name:<34}{time:>12}{ratio:>12.2}{known:>12}{note}");
    }
    println!("\n{:<24}{:>12}{:>12}{:>12}{:>12}{:>12}", "values a trail", 10, 50, 100, 250, 500);
    for family in GROWING {
        let time = |values: usize| {
            let median = medians.get(&format!("prove/{family}/{values}"));
            median.map_or_else(|| "-".to_owned(), |median| show(*median))
        };
        let times = [10, 50, 100, 250, 500].map(time);
        let [a, b, c, d, e] = &times;
        println!("{family:<24}{a:>12}{b:>12}{c:>12}{d:>12}{e:>12}");
    }
    Ok(())
}

fn bless(folder: &Path, baseline: &Path) -> Result<(), String> {
    let rounded = |ratio: f64| (ratio * 100.0).round() / 100.0;
    let ratios: Ratios = ratios(&medians(folder)?)?
        .into_iter()
        .map(|(name, ratio)| (name, rounded(ratio)))
        .collect();
    let text = serde_json::to_string_pretty(&ratios).map_err(|error| error.to_string())?;
    fs::write(baseline, text + "\n").map_err(|error| at(baseline, &error))
}

fn ratios(medians: &Ratios) -> Result<Ratios, String> {
    let unit = medians.get(YARDSTICK).ok_or("the benchmark `yardstick` has not been run")?;
    Ok(medians.iter().map(|(name, median)| (name.clone(), median / unit)).collect())
}

/// The medians in nanoseconds, by name, of the latest run.
fn medians(folder: &Path) -> Result<Ratios, String> {
    let mut medians = Ratios::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let (name, estimates) =
            (folder.join("new/benchmark.json"), folder.join("new/estimates.json"));
        if name.exists() {
            let name = read(&name)?["full_id"].as_str().unwrap_or_default().to_owned();
            let median = read(&estimates)?["median"]["point_estimate"].as_f64();
            medians.extend(median.map(|median| (name, median)));
            continue;
        }
        let entries = folder.read_dir().map_err(|error| at(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| at(&folder, &error))?.path();
            open.extend(path.is_dir().then_some(path));
        }
    }
    Ok(medians)
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| at(path, &error))?;
    serde_json::from_str(&text).map_err(|error| at(path, &error))
}

fn show(nanoseconds: f64) -> String {
    match nanoseconds {
        time if time < 1e3 => format!("{time:.0} ns"),
        time if time < 1e6 => format!("{:.1} us", time / 1e3),
        time => format!("{:.1} ms", time / 1e6),
    }
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
