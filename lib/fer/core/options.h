// One description of every option. An option struct lists its fields once, in `visit`; from that
// list come the command-line flags, the help text, the tables of docs/cli.md, the completion of
// shells, the JSON config in and out, the range checks and the unknown-key errors. The rest of the
// code sees plain members, no maps and no string keys.
//
//   struct TrainOptions {
//     std::int64_t epochs = 50;
//     void visit(OptionVisitor& visitor) {
//       visitor.group("Run");
//       visitor.field(Field("epochs", "Passes over the images").range(1, 100'000), epochs);
//     }
//   };
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fer {

// What a shell completes the value of a flag to, where it has no choices.
enum class Completion { nothing, file, folder };

// Another option without which a field has no effect.
struct Requirement {
  std::string option;               // empty: none
  std::vector<std::string> values;  // one of which it must have; empty: any but its default
  std::string text() const;         // "\"schedule\" cosine or onecycle"
};

// Everything about a field besides its value. The name is the JSON key; help names other options
// as core/option_error.h has it.
struct Field {
  Field(std::string_view field_name, std::string_view field_help)
      : name(field_name), help(field_help) {}

  Field& range(double low, double high) {
    min = low;
    max = high;
    return *this;
  }
  // A text that must not be empty.
  Field& needed() {
    non_empty = true;
    return *this;
  }
  // Units are for people: "degrees", "images", "epochs".
  Field& in(std::string_view field_unit) {
    unit = field_unit;
    return *this;
  }
  Field& one_of(std::vector<std::string> allowed) {
    choices = std::move(allowed);
    return *this;
  }
  // A text or a list that may also be given as plain arguments, without its flag.
  Field& as_arguments() {
    positional = true;
    return *this;
  }
  // Plain arguments that may be left out: help shows them as [MODEL].
  Field& optional() {
    omittable = true;
    return *this;
  }
  // The default stands for "not given" and is no useful value, so help does not show it.
  Field& without_default() {
    default_shown = false;
    return *this;
  }
  // A name that the option had before. Command lines and config files may still use it.
  Field& formerly(std::string_view old_name) {
    former_name = old_name;
    return *this;
  }
  // A choice for one invocation (where to write, what to resume), which is not part of the recipe
  // and not written into a run's config.json.
  Field& not_recorded() {
    recorded = false;
    return *this;
  }

  // The value is a file, a folder, or anything else that help calls by this name: MODEL.
  Field& file(std::string_view shown = "FILE") {
    placeholder = shown;
    completion = Completion::file;
    return *this;
  }
  Field& folder(std::string_view shown = "FOLDER") {
    placeholder = shown;
    completion = Completion::folder;
    return *this;
  }
  Field& shown_as(std::string_view shown) {
    placeholder = shown;
    return *this;
  }

  // One of the few options that most people need: `--help` shows it; only `--help-all` shows the
  // others.
  Field& essential() {
    shown_first = true;
    return *this;
  }

  // The field has no effect unless `option` has one of these values, or any but its default.
  Field& only_with(std::string_view option, std::vector<std::string> values = {}) {
    requirement = {std::string(option), std::move(values)};
    return *this;
  }

  // Decides which images are in which split, and their labels. Runs are comparable, and a model is
  // evaluated on its own validation images, only if these options agree.
  Field& defines_split() {
    splits = true;
    return *this;
  }

  // Decides which images and classes there are: runs are comparable only if these options agree.
  Field& defines_data() {
    selects = true;
    return *this;
  }

  // Makes the command do something else than its own work; only one such option may be on. It is an
  // on/off option, or a text or list that is off while empty.
  Field& instead() {
    replaces = true;
    return *this;
  }

  // The state of a started run depends on the value, so a resumed run refuses another one.
  Field& fixed_on_resume() {
    fixed = true;
    return *this;
  }

  std::string name;
  std::string help;
  std::string unit;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  std::string placeholder;  // of the value in help; empty: by its type
  Completion completion = Completion::nothing;
  std::string former_name;
  Requirement requirement;
  bool shown_first = false;
  bool splits = false;
  bool selects = false;
  bool replaces = false;
  bool positional = false;
  bool omittable = false;
  bool default_shown = true;
  bool non_empty = false;
  bool recorded = true;
  bool fixed = false;
};

// The name of an enum's value in the table of its names, std::span<const std::string_view>
// choice_names(Enum), which stands beside the enum and has its order.
template <class Enum>
std::string choice_name(Enum value) {
  return std::string(choice_names(value)[static_cast<std::size_t>(value)]);
}

class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;

  // The next fields belong to this group of the help, whichever struct they are members of.
  virtual void group(std::string_view) {}

  virtual void field(const Field& field, bool& value) = 0;
  virtual void field(const Field& field, std::int64_t& value) = 0;
  virtual void field(const Field& field, double& value) = 0;
  virtual void field(const Field& field, std::string& value) = 0;
  virtual void field(const Field& field, std::vector<std::string>& value) = 0;

  // An enum field is a choice of names; visitors see it as a text.
  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(Field described, Enum& value) {
    const auto names = choice_names(value);
    described.one_of({names.begin(), names.end()});
    std::string name = choice_name(value);
    this->field(std::as_const(described), name);
    value = static_cast<Enum>(std::find(names.begin(), names.end(), name) - names.begin());
  }
};

// Calls `visit` of any option struct. The functions below take it.
using VisitOptions = std::function<void(OptionVisitor&)>;

template <class Options>
VisitOptions visiting(Options& options) {
  return [&options](OptionVisitor& visitor) { options.visit(visitor); };
}

std::vector<std::string> option_names(const VisitOptions& options);

// The names of the options marked fixed_on_resume(), defines_split() and defines_data().
std::vector<std::string> fixed_option_names(const VisitOptions& options);
std::vector<std::string> split_option_names(const VisitOptions& options);
std::vector<std::string> data_option_names(const VisitOptions& options);

// The names of the options marked instead() that are on, in the order of the fields.
std::vector<std::string> options_instead(const VisitOptions& options);

// A line for each option that differs from `usual` but has no effect, because the option named by
// its only_with() lacks the needed value: "sam_rho": has no effect without "sam" sam or asam
std::vector<std::string> options_without_effect(const VisitOptions& options,
                                                const VisitOptions& usual);

// @throws fer::OptionError from `origin` for a value outside its range or choices, or of the wrong
// JSON type; fer::Error for an unknown key (the nearest known one is named) and for JSON other than
// an object. `places`: where each key stands, for messages: "lr" -> "nano.json line 7".
void options_from_json(const nlohmann::json& json, const VisitOptions& options,
                       const std::string& origin,
                       const std::map<std::string, std::string>& places = {});

// Every recorded field with its present value; options_from_json takes it back. @throws
// fer::OptionError for a text that is not UTF-8.
nlohmann::json options_to_json(const VisitOptions& options);

// A value of that JSON as people write it: blur, 0.1, without JSON's quotes.
std::string plain_text(const nlohmann::json& value);

// Sets one field from command-line words. @throws fer::OptionError that names the value and what is
// allowed.
void option_from_words(const std::string& name, const std::vector<std::string>& words,
                       const VisitOptions& options);

// A number for people. Long whole numbers are grouped: nobody counts the zeros of 1000000000.
std::string readable_number(double number);

// "1 to 100,000", "at least 0", "adam, sgd" or "" where anything goes.
std::string allowed_values(const Field& field);

}  // namespace fer
