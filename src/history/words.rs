//! What trackers call things, in English, German, Spanish and French: heads of columns, and what statuses mean.

use crate::dates::without_accent;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Key,
    Kind,
    Team,
    Status,
    Category,
    Resolution,
    Created,
    Started,
    Finished,
    Dropped,
    CategoryChanged,
    Updated,
    Parent,
    Person,
    LeadDays,
    CycleDays,
    Bot,
    /// What follows is of deployments and incidents.
    Succeeded,
    Environment,
    Ended,
    DeploymentAt,
}

/// Each role with the word for it in `import.toml`, and the heads that have it, parted by commas, the likeliest first.
pub type Known = (Role, &'static str, &'static str);

pub const ROLES: &[Known] = &[
    (
        Role::Key,
        "id",
        "issue key, vorgangsschlussel, clave de incidencia, cle de ticket, cle du ticket, cle de la \
         demande, cle, schlussel, clave, key, identifier, id, issue id, work item id, number, pr \
         number, pr_number, ticket, item, item id, issue, card id",
    ),
    (
        Role::Kind,
        "kind",
        "issue type, vorgangstyp, tipo de incidencia, type de ticket, type de demande, work item \
         type, issuetype, kind, type, typ, tipo, item type, class of service",
    ),
    (
        Role::Team,
        "team",
        "team, squad, equipo, equipe, project key, projektschlussel, clave del proyecto, cle de \
         projet, cle du projet, area path, grp, group, repo, repository, project",
    ),
    (Role::Status, "status", "status, state, estado, etat, statut, stand, current status, current stage"),
    (
        Role::Category,
        "status_category",
        "status category, statuskategorie, categoria de estado, categorie detat, categorie d'etat, \
         categorie de statut",
    ),
    (Role::Resolution, "resolution", "resolution, losung, resolucion, outcome, reason"),
    (
        Role::Created,
        "created",
        "created, erstellt, creada, creado, creation, cree, creee, created at, created date, \
         creation date, date created, date de creation, fecha de creacion, erstellungsdatum, \
         created_at, created_date, createdat, opened, opened at, opened_at",
    ),
    (
        Role::Started,
        "started",
        "started, activated date, start, start date, started at, started_at, started date, in \
         progress, begonnen, iniciada, iniciado, commence, commitment date, committed",
    ),
    (
        Role::Finished,
        "finished",
        "resolved, erledigt, gelost, resuelta, resuelto, resolue, resolu, closed date, closed at, \
         completed, done, finished, closed, merged_at, merged at, mergedat, resolved date, \
         resolution date, date de resolution, fecha de resolucion, losungsdatum, resolved_at, \
         resolved_timestamp, closed_at, closed_date, done date, done_date, finished date, \
         finished_date, finished_at, completed date, completed_at, end, end date, end_date, \
         delivered",
    ),
    (Role::Dropped, "dropped", "canceled, cancelled, canceled at, dropped, abandoned"),
    (
        Role::CategoryChanged,
        "status_category_changed",
        "status category changed, statuskategorie geandert, categoria de estado cambiada, categorie \
         de statut modifiee, categorie d'etat modifiee, categorie detat modifiee",
    ),
    (
        Role::Updated,
        "updated",
        "updated, aktualisiert, actualizada, actualizado, mise a jour, mis a jour, updated at, \
         updated_at, changed date, last updated",
    ),
    (
        Role::Parent,
        "parent",
        "parent key, parent, parent issue, parent id, ubergeordneter vorgang, principal, padre, \
         epic link",
    ),
    (
        Role::Person,
        "assignee",
        "assignee id, assignee, zugewiesene person, bearbeiter, persona asignada, responsable, \
         personne assignee, attribution, assigned to, assignee username, owner",
    ),
    (
        Role::LeadDays,
        "lead_days",
        "lead time, lead_time_days, lead time days, lead time (days), age_days, age days",
    ),
    (
        Role::CycleDays,
        "cycle_days",
        "cycle time, cycle_time_days, cycle time days, cycle time (days), cycle_days, cycle days",
    ),
    (Role::Bot, "bot", "is_bot, is bot, bot"),
];

/// What columns of deployments are called.
pub const DEPLOYMENTS: &[Known] = &[
    (
        Role::Finished,
        "at",
        "deployed_at, deployed at, deployment date, deployment_date, production_deployment_date, \
         production deployment date, deployment time, deployment_at, deploy date, released_at, \
         release date, finished_at, completed_at, at, timestamp, created_at, date, time",
    ),
    (Role::Succeeded, "succeeded", "succeeded, success, state, status, result, conclusion, outcome"),
    (Role::Environment, "environment", "environment, env, stage, target"),
    (Role::Key, "id", "deployment_id, deployment id, id"),
    (Role::Kind, "kind", "kind, task"),
];

/// What columns of incidents are called.
pub const INCIDENTS: &[Known] = &[
    (
        Role::Started,
        "started",
        "started, started_at, started at, start, start time, detected_at, detected, opened, \
         opened_at, created_on, created_at, created at, created, incident start",
    ),
    (
        Role::Ended,
        "ended",
        "ended, ended_at, end, end time, resolved, resolved_at, resolved_on, resolved at, \
         restored_at, restored, closed, closed_at, closed at, mitigated_at, incident end",
    ),
    (
        Role::DeploymentAt,
        "deployment_at",
        "deployment_at, deployment at, caused_by_deployment_at, deployed_at, deployment",
    ),
    (Role::Key, "id", "incident_number, incident number, incident_id, incident id, incident, id"),
];

/// The word for a role in `import.toml`.
pub fn word_of(known: &[Known], role: Role) -> &'static str {
    known.iter().find(|(one, ..)| *one == role).map_or("", |(_, word, _)| word)
}

/// A head as it is compared: lower case, without accents, brackets' words and what surrounds a field of one's own.
pub fn plain_head(head: &str) -> String {
    let lower: String = head.chars().take(120).flat_map(char::to_lowercase).map(without_accent).collect();
    let lower = lower.replace('’', "'");
    let lower = lower.trim().trim_matches('"').trim();
    let begun =
        ["custom field (", "benutzerdefinierte felder (", "campo personalizado (", "champs personnalise ("];
    let own =
        begun.iter().find_map(|begin| lower.strip_prefix(begin)).and_then(|rest| rest.strip_suffix(')'));
    let bare = own.unwrap_or(lower);
    bare.strip_suffix("(utc)").unwrap_or(bare).trim().to_owned()
}

/// Which column has which role: the first head of the list that is there. Each column has one role at most.
pub fn roles(known: &[Known], heads: &[String]) -> Vec<(Role, usize)> {
    let plain: Vec<String> = heads.iter().map(|head| plain_head(head)).collect();
    let mut taken = vec![false; heads.len()];
    let mut found = Vec::new();
    for (role, _, names) in known {
        let at =
            names.split(", ").find_map(|name| (0..plain.len()).find(|at| !taken[*at] && plain[*at] == name));
        if let Some(at) = at {
            taken[at] = true;
            found.push((*role, at));
        }
    }
    found
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Not begun: a backlog, an idea.
    NotStarted,
    /// Begun, and nobody works on it: in a queue, blocked.
    Waiting,
    /// Somebody works on it.
    Active,
    /// Delivered.
    Done,
    /// Ended without being delivered.
    Dropped,
    /// Nobody said.
    Unknown,
}

impl Meaning {
    pub const ALL: [Meaning; 6] =
        [Self::NotStarted, Self::Waiting, Self::Active, Self::Done, Self::Dropped, Self::Unknown];

    /// As it stands in `import.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Unknown => "unknown",
        }
    }

    /// The meaning that a word names.
    pub fn of(word: &str) -> Option<Meaning> {
        Self::ALL.into_iter().find(|meaning| meaning.word() == word)
    }

    /// Whether work has begun and not ended.
    pub fn is_in_progress(self) -> bool {
        matches!(self, Self::Waiting | Self::Active)
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Dropped)
    }
}

/// Words in names of statuses, tried in this order: *Won't Do* is not *Do*, *Ready for Review* is no review.
const STATUSES: &[(Meaning, &str)] = &[
    (
        Meaning::Dropped,
        "won't, wont, will not, cancel, declined, reject, abandon, duplicate, obsolete, removed, \
         not planned, not_planned, invalid, discarded, withdrawn, dropped, abgelehnt, abgebrochen, \
         verworfen, unmerged, descartad, rechazad, annule, rejete, abandonne, nicht umgesetzt, \
         archived",
    ),
    (
        Meaning::Waiting,
        "ready for, ready to, waiting, wait for, blocked, on hold, hold, awaiting, pending, queue, \
         to review, to be, to test, to deploy, for review, for test, paused, stalled, impeded, \
         wartet, blockiert, bereit fur, en espera, bloquead, en attente, bloque, for qa, needs \
         review",
    ),
    (
        Meaning::NotStarted,
        "backlog, to do, todo, open, new, proposed, idea, triage, selected, icebox, inbox, \
         reopened, unstarted, planned, draft, ready, committed, zu erledigen, offen, por hacer, \
         pendiente, abierto, a faire, ouvert, neu, nuevo, nuevas, tareas por hacer, next, approved, \
         later, funnel, requested",
    ),
    (
        Meaning::Done,
        "done, closed, resolved, complete, released, deployed, live, shipped, finished, merged, \
         delivered, accepted, fixed, erledigt, fertig, geschlossen, abgeschlossen, gelost, listo, \
         hecho, cerrad, finalizad, resuelt, completad, termine, fini, ferme, resolu, in production",
    ),
    (
        Meaning::Active,
        "progress, doing, review, test, develop, dev, analysis, analyse, design, qa, build, coding, \
         implement, active, verify, verification, working, started, wip, staging, deploying, \
         refine, research, investigat, uat, rework, approval, in arbeit, bearbeitung, prufung, uberprufung, abnahme, \
         freigabe, genehmigung, umsetzung, nacharbeit, en curso, en progreso, revision, prueba, aprobacion, en cours, revue, \
         recette, current",
    ),
];

/// Whether any of these words, parted by commas, begins a word of a plain name.
fn any_begins(plain: &str, words: &str) -> bool {
    let begins = |word: &str| {
        plain
            .match_indices(word)
            .any(|(at, _)| plain[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
    };
    words.split(", ").any(begins)
}

/// What a name of a status says by its words; unknown where it has none of ours.
pub fn meaning_of(name: &str) -> Meaning {
    let plain = plain_head(name);
    let of = |meaning: Meaning| {
        let words = STATUSES.iter().find(|(one, _)| *one == meaning).map_or("", |(_, words)| words);
        any_begins(&plain, words)
    };
    // "Ready for Release" waits, "Released" is done; "In Review" is no backlog.
    let order = [Meaning::Dropped, Meaning::Waiting, Meaning::NotStarted, Meaning::Done, Meaning::Active];
    order.into_iter().find(|meaning| of(*meaning)).unwrap_or(Meaning::Unknown)
}

/// A status in which somebody looks at work that is done, to say whether it may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    Review,
    Test,
    Approval,
}

/// Words in names of such statuses, tried in this order.
const CHECKS: [(Check, &str); 3] = [
    (
        Check::Approval,
        "approv, sign off, sign-off, signoff, cab, board, authori, genehmig, freigabe, aprobac, approbation",
    ),
    (Check::Test, "test, qa, uat, verif, validat, acceptance, abnahme, prueba, validac, recette"),
    (Check::Review, "review, pull request, pr open, peer, prufung, uberprufung, revision, relecture, revue"),
];

impl Check {
    pub const ALL: [Check; 3] = [Self::Review, Self::Test, Self::Approval];

    /// What the name of a status says by its words.
    pub fn of(status: &str) -> Option<Check> {
        let plain = plain_head(status);
        CHECKS.into_iter().find(|(_, words)| any_begins(&plain, words)).map(|(check, _)| check)
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Test => "test",
            Self::Approval => "approval",
        }
    }
}

/// Statuses in which an item waits for something beside the work, and to go on where it was.
const PAUSES: &str = "blocked, on hold, hold, paused, stalled, impeded, blockiert, bloquead, bloque";

/// Whether a status is a pause by its name.
pub fn is_pause(status: &str) -> bool {
    any_begins(&plain_head(status), PAUSES)
}

/// What Jira's category of a status says.
pub fn meaning_of_category(name: &str) -> Meaning {
    match plain_head(name).as_str() {
        "to do" | "new" | "zu erledigen" | "por hacer" | "tareas por hacer" | "a faire" => {
            Meaning::NotStarted
        }
        "in progress" | "indeterminate" | "in arbeit" | "in bearbeitung" | "en curso" | "en progreso"
        | "en cours" => Meaning::Active,
        "done" | "complete" | "fertig" | "erledigt" | "listo" | "hecho" | "finalizada" | "termine"
        | "fini" => Meaning::Done,
        _ => Meaning::Unknown,
    }
}

/// Resolutions that say that something was delivered.
const DELIVERED: &str = "done, fixed, resolved, complete, completed, implemented, delivered, merged, released, \
         fertig, erledigt, behoben, gelost, umgesetzt, listo, hecho, resuelta, resuelto, corregida, \
         finalizada, termine, corrige, resolu, resolue, deployed, accepted, closed";

/// Resolutions that say that nothing was.
const ABANDONED: &str = "won't, wont, will not, duplicate, cannot reproduce, can't reproduce, not a bug, \
         incomplete, declined, cancel, invalid, obsolete, abandon, timed out, timeout, rejected, \
         not planned, not_planned, works as designed, not reproducible, duplikat, wird nicht, nicht \
         reproduzierbar, abgelehnt, unvollstandig, verworfen, duplicad, no se, rechazad, \
         incompleta, doublon, ne sera pas, rejete, annule, incomplet, handled by support, answered, \
         low engagement, inactivity, deferred, tracked elsewhere, dropped, out of scope";

/// What a resolution says: done, dropped, not started where there is none yet, or unknown.
pub fn meaning_of_resolution(name: &str) -> Meaning {
    let plain = plain_head(name);
    match plain.as_str() {
        "" | "unresolved" | "nicht erledigt" | "unerledigt" | "sin resolver" | "non resolu"
        | "non resolue" => Meaning::NotStarted,
        plain if ABANDONED.split(", ").any(|word| plain.starts_with(word)) => Meaning::Dropped,
        plain if DELIVERED.split(", ").any(|word| word == plain) => Meaning::Done,
        _ => Meaning::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_mean_what_they_say() {
        for (name, due) in [
            ("To Do", Meaning::NotStarted),
            ("Backlog", Meaning::NotStarted),
            ("In Progress", Meaning::Active),
            ("In Review", Meaning::Active),
            ("Code Review", Meaning::Active),
            ("Ready for Review", Meaning::Waiting),
            ("Waiting for approval", Meaning::Waiting),
            ("Done", Meaning::Done),
            ("Closed", Meaning::Done),
            ("Won't Do", Meaning::Dropped),
            ("Won’t Do", Meaning::Dropped),
            ("Canceled", Meaning::Dropped),
            ("En curso", Meaning::Active),
            ("Zu erledigen", Meaning::NotStarted),
            ("Terminé", Meaning::Done),
            ("Zwischenlager", Meaning::Unknown),
        ] {
            assert_eq!(meaning_of(name), due, "{name}");
        }
        assert_eq!(meaning_of_resolution("Won't Fix"), Meaning::Dropped);
        assert_eq!(meaning_of_resolution("Fixed"), Meaning::Done);
        assert_eq!(meaning_of_resolution("Sonstiges"), Meaning::Unknown);
    }

    #[test]
    fn a_check_says_so_by_its_name() {
        for (name, due) in [
            ("Code Review", Some(Check::Review)),
            ("review: waiting", Some(Check::Review)),
            ("PR open", Some(Check::Review)),
            ("Ready for QA", Some(Check::Test)),
            ("In Prüfung", Some(Check::Review)),
            ("Waiting for approval", Some(Check::Approval)),
            ("In Progress", None),
            ("Preparing", None),
            ("Blocked", None),
        ] {
            assert_eq!(Check::of(name), due, "{name}");
        }
        assert!(is_pause("On Hold") && is_pause("Blocked by supplier") && !is_pause("Waiting for review"));
    }

    #[test]
    fn heads_are_known_in_four_languages_and_once_each() {
        let heads = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let spanish =
            heads(&["Resumen", "Clave de incidencia", "Tipo de Incidencia", "Estado", "Creada", "Resuelta"]);
        let found = roles(ROLES, &spanish);
        let at = |role| found.iter().find(|(one, _)| *one == role).map(|(_, at)| *at);
        assert_eq!((at(Role::Key), at(Role::Created), at(Role::Finished)), (Some(1), Some(4), Some(5)));
        let own = heads(&["ID", "Custom field (Team)", "Created At (UTC)"]);
        let found = roles(ROLES, &own);
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
