# Generated from schemas/ by regenerate_models.sh: do not edit.
