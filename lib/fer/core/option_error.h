// How the library names options. It knows fields ("batch_size"), not the flags of a program
// ("--batch-size"): its texts name a field in double quotes, and a program that prints them
// replaces these by its flags (core/option_spelling.h).
#pragma once

#include <string>
#include <string_view>

#include "fer/core/error.h"

namespace fer {

// How errors, notices and help texts name an option: "batch_size", in double quotes. The name is
// the field's; a boolean field may also be named in its negated form: "no_flip".
std::string option(std::string_view field);

// The value of an option is wrong, or does not go with something else. The message begins with the
// option: "lr": 7 is not allowed; allowed: 0 to 1
class OptionError : public Error {
 public:
  OptionError(std::string_view field, std::string_view reason);

  // With the value after the option: "amp" fp16: needs a GPU
  OptionError(std::string_view field, std::string_view value, std::string_view reason);

  // This error for a value that comes from `origin`: "lr" in nano.json line 7: …
  OptionError from(std::string_view origin) const;

  const std::string& field() const { return field_; }
  const std::string& value() const { return value_; }
  const std::string& reason() const { return reason_; }
  const std::string& origin() const { return origin_; }  // empty where it is not known

  // The beginning of the message, with the option written as `named`: "--amp fp16".
  std::string subject(std::string_view named, std::string_view origin) const;

 private:
  OptionError(const OptionError& error, std::string_view origin);

  std::string field_, value_, reason_, origin_;
};

// The kind of file that was found in none of the usual places.
enum class Missing { model, best_model, detector, cascade, data };

// A file that an option names, or that is needed by default, was not found. The text says where the
// library searched; programs add what their users can do about it (commands/advice.h).
class NotFoundError : public OptionError {
 public:
  NotFoundError(Missing missing, std::string_view field, std::string_view value,
                std::string_view reason)
      : OptionError(field, value, reason), missing_(missing) {}

  Missing missing() const { return missing_; }

 private:
  Missing missing_;
};

}  // namespace fer
