// One description of every option. An option struct lists its fields once, in `visit`; from that
// list come the command-line flags, the help text, the JSON config in and out, the range checks and
// the unknown-key errors. Nothing downstream sees a map or a string key.
//
//   struct TrainOptions {
//     std::int64_t epochs = 50;
//     void visit(OptionVisitor& visitor) {
//       visitor.field(Field("epochs", "Passes over the training images").range(1, 100'000), epochs);
//     }
//   };
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

// What is said about a field besides its value. The name is the JSON key; the flag is the name with
// '-' for '_'.
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
  // A list that may also be given without its flag, as the program's plain arguments.
  Field& as_arguments() {
    positional = true;
    return *this;
  }
  // A choice of this one invocation (where to write, what to resume) that is no part of the recipe:
  // it is not written into a run's config.json.
  Field& not_recorded() {
    recorded = false;
    return *this;
  }

  // What a started run's state is measured by: --resume refuses another value.
  Field& fixed_on_resume() {
    fixed = true;
    return *this;
  }

  std::string flag() const;  // "--batch-size"

  std::string name;
  std::string help;
  std::string unit;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  bool positional = false;
  bool non_empty = false;
  bool recorded = true;
  bool fixed = false;
};

class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  virtual void field(const Field& field, bool& value) = 0;
  virtual void field(const Field& field, std::int64_t& value) = 0;
  virtual void field(const Field& field, double& value) = 0;
  virtual void field(const Field& field, std::string& value) = 0;
  virtual void field(const Field& field, std::vector<std::string>& value) = 0;
};

// Calls `visit` of any option struct; what the functions below take.
using VisitOptions = std::function<void(OptionVisitor&)>;

template <class Options>
VisitOptions visiting(Options& options) {
  return [&options](OptionVisitor& visitor) { options.visit(visitor); };
}

std::vector<std::string> option_names(const VisitOptions& options);

// Those that are fixed_on_resume().
std::vector<std::string> fixed_option_names(const VisitOptions& options);

// @throws fer::Error that starts with `origin`, names the key, the value and what is allowed: for a
// value outside its range or choices, of the wrong JSON type, or under a key that is no option (the
// nearest one is named).
void options_from_json(const nlohmann::json& json, const VisitOptions& options,
                       const std::string& origin);

// Every recorded field with its present value; options_from_json takes it back. @throws fer::Error
// naming the flag of a text that is not UTF-8.
nlohmann::json options_to_json(const VisitOptions& options);

// Sets one field from command-line words. @throws fer::Error naming the flag, the value and what is
// allowed.
void option_from_words(const std::string& name, const std::vector<std::string>& words,
                       const VisitOptions& options);

// "1 to 100000", "at least 0", "adam, sgd" or "" where anything goes.
std::string allowed_values(const Field& field);

}  // namespace fer
