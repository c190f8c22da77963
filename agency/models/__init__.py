"""Who the agencies are and what they have. One noun group a module; importing this package maps them all."""

from agency.models.agencies import Agency, AgencyGram, FilingStatus, FormerName, Standing
from agency.models.ledgers import LedgerImport, Proposal, ProposalState, Spelling
from agency.models.people import (
    ClaimStanding,
    ImportState,
    Person,
    Representation,
    RosterClaim,
    RosterImport,
    StaffMember,
)
from agency.models.places import NonAdoption, Place
from agency.models.possessions import Declaration, Material, Office, OutsideProjects, Record, Training
from agency.models.registrations import CodeCheck, CodeCheckState
from agency.models.standing import Flag, FlagKind, Judgement, MajorCorrection, QualificationCheck, TitleCorrection

__all__ = [
    "Agency",
    "AgencyGram",
    "ClaimStanding",
    "CodeCheck",
    "CodeCheckState",
    "Declaration",
    "FilingStatus",
    "Flag",
    "FlagKind",
    "FormerName",
    "ImportState",
    "Judgement",
    "LedgerImport",
    "MajorCorrection",
    "Material",
    "NonAdoption",
    "Office",
    "OutsideProjects",
    "Person",
    "Place",
    "Proposal",
    "ProposalState",
    "QualificationCheck",
    "Record",
    "Representation",
    "RosterClaim",
    "RosterImport",
    "Spelling",
    "StaffMember",
    "Standing",
    "TitleCorrection",
    "Training",
]
