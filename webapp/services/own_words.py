"""A few words about oneself: short prompts, and the text that their answers make for others."""

from collections.abc import Mapping

from webapp.models import Profile

# In the order in which others read the answers.
PROMPTS = ("does", "enjoys", "knows")


def answered(profile: Profile) -> Mapping[str, str]:
    """Return what each prompt was answered with; words from before there were prompts answer the last one."""
    if written(profile.prompts) == profile.bio:
        return profile.prompts
    return {PROMPTS[-1]: profile.bio}


def written(prompts: Mapping[str, str]) -> str:
    """Return the answers one after the other."""
    return "\n\n".join(prompts[name] for name in PROMPTS if prompts.get(name))
