// For a plug-in's tables.cpp: its exported symbols. Everything else in a plug-in is hidden.
#pragma once

#include "fer/core/version.h"

#define FER_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

// Stands once in each plug-in: the version that core/plugin.cpp compares with its own.
#define FER_PLUGIN_VERSION                           \
  FER_PLUGIN_EXPORT const char fer_plugin_version[]; \
  const char fer_plugin_version[] = FER_VERSION_STRING;
