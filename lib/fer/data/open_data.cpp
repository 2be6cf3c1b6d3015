#include "fer/data/open_data.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "fer/core/error.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fer/data/drop_duplicates.h"
#include "fer/data/fer2013_csv.h"
#include "fer/data/ferplus_csv.h"
#include "fer/data/folds.h"
#include "fer/data/format_checks.h"
#include "fer/data/hold_out.h"
#include "fer/data/image_folder.h"
#include "fer/data/match_classes.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "fer/data/vote_targets.h"

namespace fer::data {

namespace {

struct Request {
  const std::string& spec;
  const DataOptions& options;
  const KnownClasses& known;
  const ClassNames& names;
  int threads;
  Decoding decoding;
  std::vector<std::string>& notes;
  std::set<std::string>& met;  // gets the data's own class names
};

// A data format: whether it takes a spec, and how to read it. A new format is a reader and a line
// here.
struct Format {
  const char* shape;  // for the error that lists all formats
  bool (*takes)(const std::string& spec);
  FaceSet (*open)(const Request& request);
  bool from_folders = false;   // images are ordered by file names
  bool any_format = false;     // images can be converted to any format
  bool names_classes = false;  // can have its own classes
};

bool is_synthetic(const std::string& spec) {
  return spec == "synthetic" || spec.starts_with("synthetic:");
}

FaceFormat wanted_format(const Request& request) {
  const KnownClasses& known = request.known;
  return request.options.face_format(known.faces ? known.faces : known.pictures);
}

FaceSet open_synthetic(const Request& request) {
  const std::string number = request.spec.substr(std::min<std::size_t>(request.spec.size(), 10));
  const auto count =
      request.spec == "synthetic" ? kDefaultSyntheticCount : to_number<std::int64_t>(number);
  if (!count) {
    throw OptionError("data", quote(request.spec),
                      "the count behind 'synthetic:' must be a whole number");
  }
  const FaceFormat format = wanted_format(request);
  return request.decoding == Decoding::when_asked
             ? synthetic_set_when_asked(*count, format)
             : make_synthetic_set(*count, request.threads, format);
}

bool is_folder(const std::string& spec) { return is_image_folder(spec); }

// Kaggle's copy of FER2013 in folders has train|test, where test joins two splits of the original.
void note_kaggle_folders(const FaceSet& set, std::vector<std::string>& notes) {
  constexpr std::int64_t kPublicAndPrivate = 7178;
  if (set.count(Split::test) == kPublicAndPrivate && !set.has(Split::val)) {
    notes.push_back(set.source +
                    ": its test split joins FER2013's PublicTest and PrivateTest, as "
                    "Kaggle's folders do; scores on it compare with neither");
  }
}

FaceSet open_folder(const Request& request) {
  FolderOptions options;
  options.unknown = request.options.unknown_classes;
  options.known = request.known.labels;
  options.of_model = request.known.of_model;
  options.names = request.names;
  options.met = &request.met;
  options.broken = request.options.broken_images;
  options.when_asked = request.decoding == Decoding::when_asked;
  options.faces = wanted_format(request);
  options.faces_by_default =
      !request.known.faces && !request.known.pictures && request.options.takes_any_format();
  options.own_classes = request.options.classes == ClassSource::from_data;
  std::filesystem::path path = request.spec;
  // Users often name the train folder of Kaggle's download; the other splits lie beside it.
  if (path.filename().empty()) path = path.parent_path();
  if (path.filename() == "train" && is_image_folder(path.parent_path() / "test")) {
    path = path.has_parent_path() ? path.parent_path() : ".";
    request.notes.push_back(request.spec + ": the splits beside it in " + path.string() +
                            " are read too");
  }
  FaceSet set = read_image_folder(path, options, request.threads, request.notes);
  note_kaggle_folders(set, request.notes);
  return set;
}

bool is_packed(const std::string& spec) { return is_packed_file(spec); }

FaceSet open_packed(const Request& request) {
  const FaceSet set = read_packed_file(request.spec);
  const std::vector<std::int64_t> counts = set.class_counts();
  for (std::size_t label = 0; label < counts.size(); ++label) {
    if (counts[label] > 0) request.met.insert(set.label_set.name(label));
  }
  return rename_classes(set, request.names);
}

bool is_file(const std::string& spec) {
  std::error_code code;
  return std::filesystem::is_regular_file(spec, code);
}

// Votes are joined row by row, so no row may be missing.
void check_rows_for_votes(const Request& request, std::size_t notes_before) {
  if (request.options.ferplus.empty() || request.notes.size() == notes_before) return;
  throw OptionError("ferplus", quote(request.options.ferplus, 200),
                    "votes are joined row by row, and rows are left out: " + request.notes.back());
}

FaceSet open_csv(const Request& request) {
  EmotionOptions options;
  options.known = request.known.labels;
  options.names = request.names;
  options.met = &request.met;
  options.own_classes = request.options.classes == ClassSource::from_data;
  options.unknown = request.options.unknown_classes;
  const std::size_t notes_before = request.notes.size();
  FaceSet set = read_fer2013_csv(request.spec, options, request.threads, request.notes);
  check_rows_for_votes(request, notes_before);
  return set;
}

constexpr std::array<Format, 4> kFormats = {{
    {.shape = "synthetic or synthetic:N",
     .takes = is_synthetic,
     .open = open_synthetic,
     .any_format = true},
    {.shape = "a folder train|val|test/CLASS/* or CLASS/*",
     .takes = is_folder,
     .open = open_folder,
     .from_folders = true,
     .any_format = true,
     .names_classes = true},
    {.shape = "a file written by fer-data pack",
     .takes = is_packed,
     .open = open_packed,
     .names_classes = true},
    {.shape = "a CSV file with the columns emotion, pixels and Usage",
     .takes = is_file,
     .open = open_csv,
     .names_classes = true},
}};

// Checks options that not every format supports.
void check_options(const Format& format, const Request& request) {
  const DataOptions& options = request.options;
  if (options.classes == ClassSource::from_data && !format.names_classes) {
    throw OptionError("classes", "from-data",
                      quote(request.spec, 200) + " has FER2013's classes; allowed for it: known");
  }
  // Kaggle's folders have as many pictures as FER+ has rows, in another order.
  if (!options.ferplus.empty() && format.from_folders) {
    throw OptionError("ferplus", quote(options.ferplus, 200),
                      "votes are joined in the order of "
                      "fer2013.csv, which the folder " +
                          quote(request.spec, 200) +
                          " does not keep; allowed: fer2013.csv, or a file packed from it");
  }
}

const Format* format_of(const std::string& spec) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const Format& format) { return format.takes(spec); });
  return found == kFormats.end() ? nullptr : found;
}

FaceSet open_set(const Request& request) {
  const Format* format = format_of(request.spec);
  if (format == nullptr) {
    std::vector<std::string> shapes;
    for (const Format& allowed : kFormats) shapes.emplace_back(allowed.shape);
    throw OptionError("data", quote(request.spec, 200),
                      "there is no such file or folder; allowed: " + join(shapes, "; "));
  }
  check_options(*format, request);
  FaceSet set = format->open(request);
  if (!format->any_format) check_own_format(set, request.spec, request.options);
  check_format_of_model(set, request.options, request.known.faces);
  return set;
}

std::string find_default() {
  for (const char* place : {"data/fer2013.csv", "data/fer2013/fer2013.csv"}) {
    if (is_file(place)) return place;
  }
  if (is_folder("data/fer2013/train")) return "data/fer2013/train";
  throw NotFoundError(Missing::data, "data", "",
                      "no data set is given and none was found at data/fer2013.csv, "
                      "data/fer2013/fer2013.csv or data/fer2013/train");
}

std::vector<std::string> specs_of(const DataOptions& options) {
  return options.data.empty() ? std::vector{find_default()} : options.data;
}

void hold_out_if_needed(OpenedData& opened, const DataOptions& options) {
  FaceSet& set = opened.set;
  if (!set.has(Split::train) || set.has(Split::val)) return;
  const RandomStream stream =
      RandomStream(static_cast<std::uint64_t>(options.split_seed)).child("hold-out");
  const std::int64_t count = hold_out_validation(set, options.val_fraction, stream);
  if (count == 0) {
    throw Error(set.source +
                ": has no validation split and too few images to hold some out; a class "
                "with two images or more is needed");
  }
  opened.notes.push_back(set.source + ": has no validation split; " +
                         counted(count, "training image") + " (" +
                         percent(options.val_fraction, 0) + " of each class, " +
                         option("split_seed") + " " + std::to_string(options.split_seed) +
                         (count == 1 ? ") is held out for it" : ") are held out for it"));
}

void take_fold(OpenedData& opened, const DataOptions& options) {
  const RandomStream stream =
      RandomStream(static_cast<std::uint64_t>(options.split_seed)).child("folds");
  const std::int64_t count = make_fold(opened.set, options.fold, options.folds, stream);
  opened.notes.push_back(opened.set.source + ": fold " + std::to_string(options.fold) + " of " +
                         std::to_string(options.folds) + " (" + option("split_seed") + " " +
                         std::to_string(options.split_seed) + "), " + counted(count, "image") +
                         ", is the validation split; the others but test are trained on");
}

void drop_leaks(OpenedData& opened) {
  FaceSet& set = opened.set;
  if (!set.has(Split::train) || (!set.has(Split::val) && !set.has(Split::test))) return;
  const std::int64_t count = drop_duplicates(set);
  opened.notes.push_back(set.source + ": " + counted(count, "training image") +
                         " equal to a validation or test image " +
                         (count == 1 ? "is left out" : "are left out"));
}

void make_splits(OpenedData& opened, const DataOptions& options) {
  if (options.folds > 0) {
    take_fold(opened, options);
  } else {
    hold_out_if_needed(opened, options);
  }
  if (options.drop_duplicates) drop_leaks(opened);
}

void add_votes(OpenedData& opened, const DataOptions& options) {
  if (options.ferplus.empty()) return;
  const std::int64_t left_out = join_votes(opened.set, read_ferplus_csv(options.ferplus));
  if (left_out > 0) {
    opened.notes.push_back(options.ferplus + ": " + counted(left_out, "row") + " of splits that " +
                           opened.set.source + " does not have " +
                           (left_out == 1 ? "is left out" : "are left out"));
  }
}

void choose_labels(OpenedData& opened, const DataOptions& options) {
  if (options.labels != LabelSource::ferplus8) return;
  FaceSet& set = opened.set;
  if (!set.votes.defined()) {
    throw OptionError(
        "labels", "ferplus8",
        set.source + " has no FER+ votes; give them with " + option("ferplus") + " fer2013new.csv");
  }
  const std::int64_t before = set.size();
  set = with_majority_labels(set, LabelSet::ferplus8()).set;
  if (set.size() == 0) {
    throw OptionError("labels", "ferplus8",
                      "none of the " + grouped(before) + " images of " + set.source +
                          " has an emotion with a majority of votes");
  }
  opened.notes.push_back(set.source + ": labels are the majority of FER+'s votes; " +
                         counted(before - set.size(), "image") + " without one " +
                         (before - set.size() == 1 ? "is left out" : "are left out"));
}

bool is_number(const std::string& name) {
  return name.find_first_not_of("0123456789") == std::string::npos;
}

// Refuses to join a set with numbered classes and one with named classes: every class would be
// there twice.
void check_united(const std::vector<FaceSet>& sets) {
  const FaceSet* numbered = nullptr;
  const FaceSet* named = nullptr;
  for (const FaceSet& set : sets) {
    const std::vector<std::string>& names = set.label_set.names();
    if (std::all_of(names.begin(), names.end(), is_number)) numbered = &set;
    if (std::none_of(names.begin(), names.end(), is_number)) named = &set;
  }
  if (numbered == nullptr || named == nullptr) return;
  throw Error(numbered->source + ": its classes are numbers, such as " +
              quote(numbered->label_set.name(0)) + ", and those of " + named->source +
              " are names, such as " + quote(named->label_set.name(0)) +
              "; say what the numbers mean: " + option("class_names") + " 1=surprise,2=fear");
}

// Sets are joined by their classes' names: all get the classes of the set with the most classes,
// which must have all the others'; with from-data, the union.
void bring_together(std::vector<FaceSet>& sets, const DataOptions& options,
                    std::vector<std::string>& notes) {
  const auto most = std::max_element(
      sets.begin(), sets.end(),
      [](const FaceSet& a, const FaceSet& b) { return a.label_set.size() < b.label_set.size(); });
  const bool unite = options.classes == ClassSource::from_data;
  if (unite) check_united(sets);
  const LabelSet wanted = unite && sets.size() > 1 ? united_classes(sets) : most->label_set;
  const std::string who = unite ? "the data" : most->source;
  for (FaceSet& set : sets) {
    set = match_classes(set, wanted, options.unknown_classes, who, notes);
  }
}

// A class name that matches no image is usually a typo.
void record_unused_names(OpenedData& opened, const ClassNames& names,
                         const std::set<std::string>& met) {
  std::vector<std::string> unused;
  for (const auto& [in_data, name] : names.all()) {
    if (!met.contains(in_data)) unused.push_back(quote(in_data) + " (" + quote(name) + ")");
  }
  if (unused.empty()) return;
  opened.notes.push_back(option("class_names") + ": " + opened.set.source + " has no image of " +
                         join(unused, ", "));
}

// Two classes of the data that get the same name are usually a mistake, too, but may be intended.
void record_merged_names(const FaceSet& set, const ClassNames& names,
                         const std::set<std::string>& met, std::vector<std::string>& notes) {
  std::map<std::string, std::vector<std::string>> merged;  // by the class's name
  for (const std::string& in_data : met) {
    const auto label = class_of(names.of(in_data), set.label_set);
    if (label) merged[set.label_set.name(*label)].push_back(in_data);
  }
  for (const auto& [name, all] : merged) {
    const auto named = [&](const std::string& in_data) { return names.all().contains(in_data); };
    if (all.size() < 2 || std::none_of(all.begin(), all.end(), named)) continue;
    std::vector<std::string> quoted;
    for (const std::string& in_data : all) quoted.push_back(quote(in_data));
    notes.push_back(option("class_names") + ": " + join(quoted, ", ") + " of " + set.source +
                    " are one class, " + quote(name));
  }
}

}  // namespace

OpenedData read_data(const DataOptions& options, int threads, const KnownClasses& known,
                     Decoding decoding) {
  options.validate_sets();
  OpenedData opened;
  const ClassNames names = ClassNames::read(options.class_names);
  std::vector<FaceSet> sets;
  std::set<std::string> all_met;
  for (const std::string& spec : specs_of(options)) {
    std::set<std::string> met;
    sets.push_back(open_set({spec, options, known, names, threads, decoding, opened.notes, met}));
    if (!known.names_of_model) record_merged_names(sets.back(), names, met, opened.notes);
    all_met.merge(met);
  }
  bring_together(sets, options, opened.notes);
  opened.set = join_sets(sets);
  if (!known.names_of_model) record_unused_names(opened, names, all_met);
  add_votes(opened, options);
  choose_labels(opened, options);
  return opened;
}

OpenedData open_data(const DataOptions& options, int threads, const KnownClasses& known) {
  options.validate();
  OpenedData opened = read_data(options, threads, known);
  make_splits(opened, options);
  return opened;
}

bool become_any_format(const DataOptions& options) {
  const std::vector<std::string> specs = specs_of(options);
  return std::all_of(specs.begin(), specs.end(), [](const std::string& spec) {
    const Format* format = format_of(spec);
    return format != nullptr && format->any_format;
  });
}

void split_for_training(OpenedData& opened, const DataOptions& options) {
  FaceSet& set = opened.set;
  if (!set.has(Split::none)) return;
  set.splits = set.splits.masked_fill(set.splits.eq(static_cast<std::int64_t>(Split::none)),
                                      static_cast<std::int64_t>(Split::train));
  make_splits(opened, options);
}

}  // namespace fer::data
